from odoo import api, fields, models

from ..models.pope_training_enrolment_leaving import CAUSES


class TrainingChange(models.TransientModel):
    """A trainee is replaced by a colleague, or follows another session."""

    _name = "pope.training.change"
    _description = "Change an Enrolment"

    enrolment_id = fields.Many2one("pope.training.enrolment", string="Trainee", required=True, readonly=True)
    company_id = fields.Many2one(related="enrolment_id.company_id")
    gesture = fields.Selection(
        [
            ("replace", "A colleague comes instead"),
            ("move", "They follow another session"),
            ("leave", "They give up the training on the way"),
        ],
        required=True,
        default="replace",
    )
    partner_id = fields.Many2one("res.partner", string="Who Comes Instead", domain=[("is_company", "=", False)])
    event_id = fields.Many2one(
        "event.event",
        string="Other Session",
        domain=(
            "[('pope_kind', '=', 'training'), ('is_finished', '=', False), ('kanban_state', '!=', 'cancel'),"
            " ('company_id', 'in', [company_id, False])]"
        ),
    )

    date_left = fields.Date(string="Last Day Followed", default=fields.Date.context_today)
    left_cause = fields.Selection(CAUSES, string="Why", default="unknown", help="Never anything about their health.")

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        values.setdefault("enrolment_id", self.env.context.get("active_id"))
        return values

    def action_apply(self):
        self.ensure_one()
        if self.gesture == "leave":
            enrolment = self.enrolment_id
            enrolment._leave(self.date_left, self.left_cause)
        elif self.gesture == "replace":
            enrolment = self.enrolment_id._replace_by(self.partner_id)
        else:
            enrolment = self.enrolment_id._move_to(self.event_id)
        return {
            "type": "ir.actions.act_window",
            "res_model": "pope.training.enrolment",
            "res_id": enrolment.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
