from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmLead(models.Model):
    """What an import leaves on a project: the mark of an open place whose figures are still to be found."""

    _inherit = "crm.lead"

    pope_to_complete = fields.Boolean(
        string="To Be Completed",
        copy=False,
        readonly=True,
        tracking=True,
        help="Imported as open without all its figures: they are missing from the openings until they are filled in.",
    )
    pope_opening_gaps = fields.Char(
        string="Missing Figures", compute="_compute_pope_opening_gaps", groups="pope_crm.group_pope_user"
    )

    @api.depends(
        "pope_to_complete",
        "pope_structure_type_id",
        "pope_opening_date",
        "pope_places",
        "pope_childminder_count",
        "pope_job_count",
    )
    def _compute_pope_opening_gaps(self):
        for lead in self:
            lead.pope_opening_gaps = ", ".join(lead._pope_opening_gaps()) if lead.pope_to_complete else False

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get("pope_to_complete") for vals in vals_list):
            self._pope_check_importing()
        return super().create(vals_list)

    def write(self, vals):
        """The mark goes away with the last missing figure, or when the place is not open after all."""
        if vals.get("pope_to_complete"):
            self._pope_check_importing()
        result = super().write(vals)
        if self._pope_figures().intersection(vals):
            marked = self._pope_own().filtered("pope_to_complete")
            done = marked.filtered(lambda lead: not (lead.stage_id.is_won and lead._pope_opening_gaps()))
            done.pope_to_complete = False
        return result

    @api.model
    def _pope_figures(self):
        """What decides whether the figures of an open place are still to be found."""
        figures = {"pope_opening_date", "pope_places", "pope_childminder_count", "pope_job_count"}
        return figures | {"stage_id", "pope_structure_type_id"}

    def _pope_check_importing(self):
        if not self.env.context.get("pope_import"):
            raise UserError(self.env._("Only an import may leave the figures of an open place for later."))

    def _merge_dependences(self, opportunities):
        if self._pope_own():
            # sudo: what was imported stays known under the project that it became, whoever merges
            lines = self.env["pope.import.row"].sudo().search([("lead_id", "in", opportunities.ids)])
            lines.lead_id = self
        return super()._merge_dependences(opportunities)
