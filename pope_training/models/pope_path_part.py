from odoo import fields, models


class PathPart(models.AbstractModel):
    """What belongs to one career path, to its company and to its person."""

    _name = "pope.path.part"
    _description = "Part of a Career Path"
    _check_company_auto = True

    lead_id = fields.Many2one(
        "crm.lead",
        string="Career Path",
        required=True,
        ondelete="cascade",
        index=True,
        domain=[("type", "=", "path")],
        check_company=True,
    )
    company_id = fields.Many2one(related="lead_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(
        related="lead_id.partner_id",
        string="Person",
        store=True,
        index="btree_not_null",
        help="Whose path it is.",
    )
