from odoo import api, fields, models


class ProjectMember(models.Model):
    _name = "pope.project.member"
    _description = "Holder of a Project"
    _order = "lead_id, date_exit desc, id"
    _rec_name = "partner_id"

    lead_id = fields.Many2one("crm.lead", string="Project", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="lead_id.company_id", store=True)
    partner_id = fields.Many2one("res.partner", string="Person", required=True, ondelete="restrict", index=True)
    date_entry = fields.Date(string="Joined On", default=fields.Date.context_today)
    date_exit = fields.Date(string="Left On")
    is_present = fields.Boolean(string="Present", compute="_compute_is_present", search="_search_is_present")

    @api.depends("date_exit")
    def _compute_is_present(self):
        today = fields.Date.context_today(self)
        for member in self:
            member.is_present = not member.date_exit or member.date_exit > today

    def _search_is_present(self, operator, value):
        today = fields.Date.context_today(self)
        present = ["|", ("date_exit", "=", False), ("date_exit", ">", today)]
        return present if (operator in ("=", "in")) == bool(value) else ["!", *present]
