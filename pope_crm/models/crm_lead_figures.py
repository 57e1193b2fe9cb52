from odoo import fields, models


class CrmLead(models.Model):
    """Since when the people of a project are accompanied."""

    _inherit = "crm.lead"

    pope_accompanied_date = fields.Date(
        string="Accompanied Since",
        copy=False,
        help="Day of the first interview, or of the first entry in Diagnosis or a later stage. Key figures count the "
        "holders as accompanied from that day on.",
    )

    def _pope_entered_stage(self):
        result = super()._pope_entered_stage()
        start = self.env["crm.stage"]._pope_accompanied_sequence()
        today = fields.Date.context_today(self)
        arrived = self.filtered(lambda lead: not lead.pope_accompanied_date and lead.stage_id.sequence >= start)
        for day, leads in arrived.grouped(lambda lead: min(lead.pope_interview_date or today, today)).items():
            leads.pope_accompanied_date = day
        return result

    def _merge_get_fields_specific(self):
        """A project made of two is accompanied since the first of them was."""
        specific = super()._merge_get_fields_specific()
        if self._pope_own():
            specific["pope_accompanied_date"] = lambda fname, leads: min(
                filter(None, leads.mapped(fname)), default=False
            )
        return specific
