from odoo import fields, models


class ApplicantMixin(models.AbstractModel):
    """What application forms ask about an association, and no other screen says: Cerfa 12156, parts 1 to 4."""

    _name = "pope.applicant.mixin"
    _description = "Association That Applies"

    pope_rna = fields.Char(string="RNA Number", help="W and nine figures, on the receipt of the prefecture.")
    pope_date_published = fields.Date(
        string="Published On", help="Day of the creation's publication in the Official Journal (JO)."
    )
    pope_representative_id = fields.Many2one(
        "res.partner",
        string="Legal Representative",
        domain=[("is_company", "=", False)],
        groups="pope_crm.group_pope_user",
        copy=False,
        help="Whose signature binds the association: often who presides. The function, the phone and the e-mail are "
        "those of the contact.",
    )
    pope_approvals = fields.Text(string="Approvals", help="One a line: which, by whom, since when.")
    pope_date_public_utility = fields.Date(string="Of Public Utility Since")
    pope_is_taxed = fields.Boolean(string="Subject to Business Taxes")
    pope_networks = fields.Text(
        string="Networks and Federations", help="Networks, unions and federations that the association belongs to."
    )
    pope_employee_count = fields.Integer(string="Employees", help="On 31 December of last year.")
    pope_subsidised_count = fields.Integer(string="Of Them in Subsidised Jobs")
    pope_employee_full_time = fields.Float(string="Employees in Full-Time Equivalents", digits=(16, 2))
    pope_civic_count = fields.Integer(string="Civic-Service Volunteers", help="With a contract of civic service.")


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = ["res.company", "pope.applicant.mixin"]
