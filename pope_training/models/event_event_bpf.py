from odoo import fields, models


class EventEvent(models.Model):
    """Who holds a session when it is not the pole."""

    _inherit = "event.event"

    pope_bpf_body_id = fields.Many2one(
        "res.partner",
        string="Entrusted To",
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
        groups="pope_crm.group_pope_user",
        copy=False,
        help="Another training body that holds the whole session for the pole: its trainees are told apart in the"
        " training and financial return (frame F-2).",
    )
