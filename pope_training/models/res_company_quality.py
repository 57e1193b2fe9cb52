from odoo import fields, models


class ResCompany(models.Model):
    """How long an answer may take, and whether anybody may complain on line."""

    _inherit = "res.company"

    pope_complaint_public = fields.Boolean(string="Public Complaint Page")
    pope_acknowledge_days = fields.Integer(string="Days to Acknowledge a Complaint", default=7)
    pope_answer_days = fields.Integer(string="Days to Answer", default=15)
    pope_audit_ids = fields.One2many(
        "pope.quality.audit", "company_id", string="Audits", groups="pope_crm.group_pope_user"
    )

    _pope_quality_days = models.Constraint(
        "CHECK (COALESCE(pope_acknowledge_days, 0) >= 0 AND COALESCE(pope_answer_days, 0) >= 0)",
        "The days to acknowledge and to answer are not negative.",
    )
