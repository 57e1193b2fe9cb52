from odoo import api, fields, models


class TrainerReview(models.Model):
    """What the pole thinks of the work of a trainer or of a body it subcontracts to (RNQ, indicator 27)."""

    _name = "pope.trainer.review"
    _description = "Review of a Trainer"
    _inherit = ["mail.thread", "pope.reminder.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner", string="Trainer", required=True, ondelete="restrict", index=True, check_company=True
    )
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    user_id = fields.Many2one("res.users", string="Reviewed By", default=lambda self: self.env.user)
    date = fields.Date(string="Reviewed On", required=True, default=fields.Date.context_today)
    event_id = fields.Many2one(
        "event.event",
        string="Session",
        ondelete="set null",
        index="btree_not_null",
        check_company=True,
        domain="[('pope_kind', '=', 'training')]",
    )
    result = fields.Selection(
        [("good", "As Agreed"), ("improve", "To Improve"), ("stop", "Not Called Again")], required=True, default="good"
    )
    note = fields.Text(string="What Was Seen")
    date_next = fields.Date(string="Next Review")
    is_last = fields.Boolean(string="Last One", default=True, readonly=True)

    @api.depends("partner_id", "date")
    def _compute_display_name(self):
        for review in self:
            review.display_name = f"{review.partner_id.name or ''} – {review.date or ''}"

    @api.model_create_multi
    def create(self, vals_list):
        reviews = super().create(vals_list)
        former = self.search(
            [
                ("partner_id", "in", reviews.partner_id.ids),
                ("company_id", "in", reviews.company_id.ids),
                ("is_last", "=", True),
            ]
        )
        for people in former.grouped(lambda review: (review.partner_id, review.company_id)).values():
            over = people.sorted(lambda review: (review.date, review.id))[:-1]
            over.is_last = False
            over._forget_reminders()
        return reviews

    @api.model
    def _due_field(self):
        return "date_next"

    @api.model
    def _open_domain(self):
        return [("date_next", "!=", False), ("is_last", "=", True)]

    @api.model
    def _due_activity_type(self):
        return self.env.ref("pope_training.activity_type_quality")
