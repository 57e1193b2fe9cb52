from odoo import fields, models


class CrmTeam(models.Model):
    _inherit = "crm.team"

    pope_lead_type = fields.Selection(
        [("project", "Project")],
        string="PôPE Pipeline",
        index="btree_not_null",
        help="Empty on a sales team. A team with a pipeline only holds records of that kind, on stages of its own.",
    )

    def _alias_get_creation_values(self):
        """Mail to one of our teams makes a record of its pipeline; stock blanks the alias of a team without sales."""
        values = super()._alias_get_creation_values()
        if self.id and self.pope_lead_type:
            values["alias_name"] = self.alias_name
            values["alias_defaults"]["type"] = self.pope_lead_type
        return values
