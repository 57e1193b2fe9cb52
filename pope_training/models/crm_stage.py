from odoo import fields, models

STEPS = [
    ("registered", "Registered at a discovery day"),
    ("attended", "Discovery day attended"),
    ("positioned", "Positioned: it is known what suits them"),
    ("training", "Enters a qualifying training"),
    ("done", "Diploma or job"),
]
STEPS_AHEAD = ("positioned", "training", "done")


class CrmStage(models.Model):
    _inherit = "crm.stage"

    pope_path_step = fields.Selection(
        STEPS,
        string="Step of a Career Path",
        help="What a person who is there has done, whatever the stage is called: attendance moves paths to the stage "
        "of its step, and figures count from it.",
    )


class LostReason(models.Model):
    _inherit = "crm.lost.reason"

    pope_for_paths = fields.Boolean(
        string="For Career Paths", help="Proposed where a career path ends; the others where a project does."
    )
