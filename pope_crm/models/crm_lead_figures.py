from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class CrmLead(models.Model):
    """Since when the people of a project are accompanied."""

    _inherit = "crm.lead"

    pope_accompanied_date = fields.Date(
        string="Accompanied Since",
        copy=False,
        help="Day of the first interview, or of the first entry in Diagnosis or a later stage. Key figures count the "
        "holders as accompanied from that day on.",
    )

    pope_furthest_stage_id = fields.Many2one(
        "crm.stage",
        string="Furthest Stage",
        compute="_compute_pope_furthest_stage_id",
        search="_search_pope_furthest_stage_id",
        groups="pope_crm.group_pope_user",
        help="The furthest that the project was one day, even if it was abandoned or moved back since.",
    )

    def _compute_pope_furthest_stage_id(self):
        self.flush_model(["stage_id"])
        furthest = dict(self.env.execute_query(self._pope_furthest_query(SQL("lead.id = ANY(%s)", self.ids))))
        for lead in self:
            lead.pope_furthest_stage_id = furthest.get(lead.id)

    def _search_pope_furthest_stage_id(self, operator, value):
        if operator != "in":
            return NotImplemented
        stage_ids = list(value)
        query = self._pope_furthest_query(SQL("lead.type IN %s", self._pope_lead_types()))
        return Domain.custom(
            to_sql=lambda model, alias, _query: SQL(
                "%s IN (SELECT lead_id FROM (%s) furthest WHERE stage_id = ANY(%s))",
                SQL.identifier(alias, "id"),
                query,
                stage_ids,
            )
        )

    def _pope_furthest_query(self, condition):
        """The stage of highest rank among that of today and those that the moves noted say were left.

        :param condition: which leads, as SQL on `lead`
        """
        self.env["mail.tracking.value"].flush_model()
        self.env["mail.message"].flush_model(["model", "res_id"])
        field = self.env["ir.model.fields"]._get("crm.lead", "stage_id")
        return SQL(
            """
            SELECT DISTINCT ON (been.lead_id) been.lead_id, been.stage_id
              FROM (SELECT lead.id AS lead_id, lead.stage_id FROM crm_lead lead WHERE %(condition)s
              UNION SELECT lead.id, value.old_value_integer
                      FROM crm_lead lead
                      JOIN mail_message message ON message.model = 'crm.lead' AND message.res_id = lead.id
                      JOIN mail_tracking_value value
                        ON value.mail_message_id = message.id AND value.field_id = %(field)s
                     WHERE %(condition)s) been
              JOIN crm_stage stage ON stage.id = been.stage_id
          ORDER BY been.lead_id, stage.sequence DESC, stage.id DESC
            """,
            condition=condition,
            field=field.id,
        )

    def _pope_entered_stage(self):
        result = super()._pope_entered_stage()
        start = self.env["crm.stage"]._pope_accompanied_sequence()
        today = fields.Date.context_today(self)
        arrived = self._pope_projects().filtered(
            lambda lead: not lead.pope_accompanied_date and lead.stage_id.sequence >= start
        )
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
