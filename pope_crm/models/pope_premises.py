from odoo import api, fields, models


class Premises(models.Model):
    """A place that the holders looked at; at most one is chosen."""

    _name = "pope.premises"
    _inherit = ["pope.district.mixin"]
    _description = "Premises"
    _order = "is_chosen desc, date_visit desc, id desc"

    name = fields.Char(string="Address", required=True)
    lead_id = fields.Many2one("crm.lead", string="Project", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="lead_id.company_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    town_id = fields.Many2one("pope.town", index="btree_not_null")
    owner_id = fields.Many2one("res.partner", string="Owner or Agency", ondelete="restrict", index="btree_not_null")
    surface = fields.Float(string="Surface (m²)", digits=(8, 1))
    rent = fields.Monetary(string="Monthly Rent", help="Charges included.")
    has_garden = fields.Boolean(string="Outdoor Space")
    date_visit = fields.Date(string="Visited On")
    state = fields.Selection(
        [
            ("spotted", "Spotted"),
            ("visited", "Visited"),
            ("dropped", "Dropped"),
        ],
        required=True,
        default="spotted",
    )
    is_chosen = fields.Boolean(string="Chosen", readonly=True, copy=False)
    note = fields.Text()
    pope_district_answer_ids = fields.One2many("pope.district.answer", "premises_id", string="QPV Answers")

    _one_chosen = models.UniqueIndex(
        "(lead_id) WHERE is_chosen", "A project has one chosen place: drop the other first."
    )
    _positive = models.Constraint("CHECK (surface >= 0 AND rent >= 0)", "A surface and a rent cannot be negative.")

    @api.onchange("date_visit")
    def _onchange_date_visit(self):
        if self.date_visit and self.state == "spotted":
            self.state = "visited"

    def action_choose(self):
        """This one; the one chosen before is not any more."""
        for premises in self:
            (premises.lead_id.pope_premises_ids - premises).filtered("is_chosen").is_chosen = False
            self.flush_model(["is_chosen"])
            premises.is_chosen = True
            if not premises.lead_id.pope_town_id:
                premises.lead_id.pope_town_id = premises.town_id

    def action_unchoose(self):
        self.is_chosen = False

    def _pope_address_fields(self):
        return ["name", "town_id"]

    def _pope_address_town(self):
        return self.town_id

    def _pope_address_columns(self):
        self.ensure_one()
        codes = (self.town_id.postal_codes or "").split()
        return self.name, codes[0] if len(codes) == 1 else False, self.town_id.name, self.town_id.insee_code
