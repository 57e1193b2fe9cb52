from odoo import api, fields, models


class ProjectClose(models.TransientModel):
    """How and why projects end: abandoned, or reoriented, which funders count as a success."""

    _name = "pope.project.close"
    _description = "End a Project"

    lead_ids = fields.Many2many(
        "crm.lead",
        string="Projects",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
        context={"active_test": False},
    )
    outcome = fields.Selection(
        [("abandoned", "Abandoned"), ("reoriented", "Reoriented: job, training, other help")],
        required=True,
        default="abandoned",
    )
    lost_reason_id = fields.Many2one(
        "crm.lost.reason",
        string="Reason",
        required=True,
        compute="_compute_lost_reason_id",
        store=True,
        readonly=False,
        domain="[('pope_outcome', '=like', outcome + '%')]",
    )
    note = fields.Text()

    @api.depends("outcome")
    def _compute_lost_reason_id(self):
        """A reason of the other outcome does not stay."""
        for wizard in self:
            if not (wizard.lost_reason_id.pope_outcome or "").startswith(wizard.outcome):
                wizard.lost_reason_id = False

    def action_close(self):
        self.lead_ids._pope_close(self.lost_reason_id, self.note)


class ProjectPause(models.TransientModel):
    """A project that rests: never late, and no e-mail, until a day."""

    _name = "pope.project.pause"
    _description = "Pause a Project"

    lead_ids = fields.Many2many(
        "crm.lead", string="Projects", required=True, default=lambda self: self.env.context.get("active_ids")
    )
    date_until = fields.Date(string="Until", required=True)
    note = fields.Char(string="Why")

    def action_pause(self):
        self.lead_ids._pope_pause(self.date_until, self.note)
