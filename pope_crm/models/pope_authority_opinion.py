from odoo import api, fields, models


class AuthorityOpinion(models.Model):
    """What an authority said of a project, and when."""

    _name = "pope.authority.opinion"
    _description = "Opinion of an Authority"
    _inherit = ["pope.joined.files"]
    _order = "lead_id, role_sequence, id"
    _rec_name = "role_id"

    lead_id = fields.Many2one("crm.lead", string="Project", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="lead_id.company_id")
    role_id = fields.Many2one(
        "pope.partner.role",
        string="Authority",
        required=True,
        ondelete="restrict",
        domain=[("is_authority", "=", True)],
    )
    role_sequence = fields.Integer(related="role_id.sequence", store=True)
    partner_id = fields.Many2one("res.partner", string="Contact", ondelete="restrict", index="btree_not_null")
    state = fields.Selection(
        [
            ("to_ask", "To ask"),
            ("asked", "Asked"),
            ("favourable", "Favourable"),
            ("conditions", "Favourable with conditions"),
            ("unfavourable", "Unfavourable"),
            ("not_concerned", "Not concerned"),
        ],
        required=True,
        default="to_ask",
    )
    date_asked = fields.Date(string="Asked On")
    date_answer = fields.Date(string="Answered On")
    note = fields.Char(string="What They Said")
    attachment_ids = fields.Many2many("ir.attachment", string="Files", bypass_search_access=True)

    _dates_ordered = models.Constraint(
        "CHECK (date_answer IS NULL OR date_asked IS NULL OR date_answer >= date_asked)",
        "An authority answers after it was asked.",
    )

    @api.onchange("date_asked")
    def _onchange_date_asked(self):
        if self.date_asked and self.state == "to_ask":
            self.state = "asked"
