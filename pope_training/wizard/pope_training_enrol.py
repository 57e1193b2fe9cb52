from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class TrainingEnrol(models.TransientModel):
    """The holders of a project are put on one of our events."""

    _name = "pope.training.enrol"
    _description = "Enrol the Holders"

    lead_id = fields.Many2one("crm.lead", string="Project", required=True, readonly=True)
    company_id = fields.Many2one(related="lead_id.company_id")
    holder_ids = fields.Many2many("res.partner", compute="_compute_holder_ids")
    partner_ids = fields.Many2many("res.partner", string="Holders", domain="[('id', 'in', holder_ids)]")
    event_id = fields.Many2one(
        "event.event",
        string="Meeting or Training",
        required=True,
        domain=(
            "[('pope_kind', '!=', False), ('is_finished', '=', False), ('kanban_state', '!=', 'cancel'),"
            " ('company_id', 'in', [company_id, False])]"
        ),
    )

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        lead = self.env["crm.lead"].browse(self.env.context.get("active_ids"))[:1]
        values.update(lead_id=lead.id, partner_ids=[Command.set(lead.pope_holder_ids.ids)])
        return values

    @api.depends("lead_id")
    def _compute_holder_ids(self):
        for wizard in self:
            wizard.holder_ids = wizard.lead_id.pope_holder_ids

    def action_enrol(self):
        self.ensure_one()
        if not self.partner_ids:
            raise UserError(self.env._("Choose at least one holder."))
        Enrolment = self.env["pope.training.enrolment"]
        known = Enrolment.search([("event_id", "=", self.event_id.id), ("partner_id", "in", self.partner_ids.ids)])
        again = known.registration_id.filtered(lambda registration: registration.state == "cancel")
        if again:
            again.action_confirm()
        registrations = self.env["event.registration"].create(
            [
                {
                    "event_id": self.event_id.id,
                    "partner_id": person.id,
                    "name": person.name,
                    "email": person.email,
                    "phone": person.phone,
                }
                for person in self.partner_ids - known.partner_id
            ]
        )
        enrolments = known | registrations.pope_enrolment_ids
        enrolments.filtered(lambda enrolment: enrolment.lead_id != self.lead_id).lead_id = self.lead_id
        return {"type": "ir.actions.act_window_close"}
