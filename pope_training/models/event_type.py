from odoo import fields, models

POPE_KINDS = [
    ("information_meeting", "Information Meeting"),
    ("training", "Training"),
    ("discovery_day", "Discovery Day"),
]
NEWS = {  # what tells people that it moved, that it is off
    "information_meeting": ("moved", "called_off"),
    "discovery_day": ("discovery_moved", "discovery_called_off"),
}


class EventType(models.Model):
    _inherit = "event.type"

    pope_kind = fields.Selection(
        POPE_KINDS,
        string="PôPE Kind",
        index="btree_not_null",
        help="Empty on other templates. Events made from a template with a kind belong to the PôPE application.",
    )
