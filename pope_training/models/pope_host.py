from odoo import api, fields, models
from odoo.tools import SQL

from .pope_qualification import LEVELS

KINDS = [("job", "Job"), ("apprenticeship", "Apprenticeship"), ("immersion", "Immersion")]


class HostOffer(models.Model):
    """What an employer offers: a job, an apprenticeship, a place to see the work."""

    _name = "pope.host.offer"
    _description = "Offer of an Employer"
    _order = "date_until, id"
    _check_company_auto = True

    name = fields.Char(string="Offer", required=True)
    partner_id = fields.Many2one(
        "res.partner", string="Employer", required=True, ondelete="restrict", index=True, check_company=True
    )
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    kind = fields.Selection(KINDS, required=True, default="immersion")
    town_id = fields.Many2one(
        "pope.town", compute="_compute_town_id", store=True, readonly=False, index="btree_not_null", ondelete="restrict"
    )
    level = fields.Selection(LEVELS, string="Level Asked", help="Empty: no diploma is asked.")
    places = fields.Integer(default=1)
    date_from = fields.Date(string="From")
    date_until = fields.Date(string="Through", help="Empty: until it is closed.")
    active = fields.Boolean(default=True)
    note = fields.Text()

    _places_positive = models.Constraint("CHECK (places > 0)", "An offer is of one place at least.")

    @api.depends("partner_id")
    def _compute_town_id(self):
        for offer in self:
            offer.town_id = offer.town_id or offer.partner_id.pope_town_id


class HostWish(models.Model):
    """What a person on their way looks for with an employer."""

    _name = "pope.host.wish"
    _description = "Wish of a Path"
    _inherit = ["pope.path.part"]
    _order = "id desc"
    _rec_name = "lead_id"

    kind = fields.Selection(KINDS, required=True, default="immersion")
    town_id = fields.Many2one(
        "pope.town",
        compute="_compute_town_id",
        store=True,
        readonly=False,
        ondelete="restrict",
        help="Empty: anywhere.",
    )
    offer_id = fields.Many2one(
        "pope.host.offer", string="Found At", ondelete="restrict", index="btree_not_null", check_company=True
    )
    date_from = fields.Date(string="From")
    date_until = fields.Date(string="Through")
    note = fields.Char()

    @api.depends("lead_id")
    def _compute_town_id(self):
        for wish in self:
            wish.town_id = wish.town_id or wish.lead_id.pope_town_id


class CrmLead(models.Model):
    _inherit = "crm.lead"

    pope_path_wish_ids = fields.One2many(
        "pope.host.wish", "lead_id", string="Wishes", groups="pope_crm.group_pope_user"
    )

    def _merge_dependences(self, opportunities):
        # sudo: the wishes follow what is merged, whoever merges
        opportunities.sudo().pope_path_wish_ids.lead_id = self
        return super()._merge_dependences(opportunities)


class HostMatch(models.Model):
    """Offers and wishes of the same kind that meet by town and level: a database view, nothing is kept twice."""

    _name = "pope.host.match"
    _description = "Offer and Wish That Meet"
    _auto = False
    _order = "offer_id, wish_id"

    _depends = {
        "pope.host.offer": ["active", "company_id", "date_until", "kind", "level", "places", "town_id", "partner_id"],
        "pope.host.wish": ["company_id", "kind", "lead_id", "offer_id", "town_id", "partner_id"],
        "crm.lead": ["active", "won_status"],
        "res.partner": ["pope_diploma_level"],
    }

    offer_id = fields.Many2one("pope.host.offer", readonly=True)
    wish_id = fields.Many2one("pope.host.wish", readonly=True)
    employer_id = fields.Many2one("res.partner", readonly=True)
    lead_id = fields.Many2one("crm.lead", string="Career Path", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Person", readonly=True)
    kind = fields.Selection(KINDS, readonly=True)
    town_id = fields.Many2one("pope.town", readonly=True)
    level = fields.Selection(LEVELS, string="Level Asked", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)

    @property
    def _table_query(self):
        """A level that is not known meets what asks for none; an offer with all its places taken meets nobody."""
        return SQL(
            """
            SELECT (offer.id::bigint << 24) + wish.id AS id, offer.id AS offer_id, wish.id AS wish_id,
                   offer.partner_id AS employer_id, wish.lead_id, wish.partner_id, offer.kind,
                   offer.town_id, offer.level, offer.company_id
              FROM pope_host_offer offer
              JOIN pope_host_wish wish
                ON wish.kind = offer.kind AND wish.company_id = offer.company_id AND wish.offer_id IS NULL
               AND (wish.town_id IS NULL OR offer.town_id IS NULL OR wish.town_id = offer.town_id)
              JOIN crm_lead lead ON lead.id = wish.lead_id AND lead.active AND lead.won_status = 'pending'
              JOIN res_partner person ON person.id = wish.partner_id
             WHERE offer.active AND (offer.date_until IS NULL OR offer.date_until >= CURRENT_DATE)
               AND (wish.date_until IS NULL OR wish.date_until >= CURRENT_DATE)
               AND COALESCE(NULLIF(offer.level, 'none'), '0')
                   <= COALESCE(NULLIF(NULLIF(person.pope_diploma_level, 'none'), 'undisclosed'), '0')
               AND offer.places > (SELECT COUNT(*) FROM pope_host_wish taken WHERE taken.offer_id = offer.id)
            """
        )

    def action_place(self):
        """The person goes there: the wish is met, and the place taken."""
        for match in self:
            match.wish_id.offer_id = match.offer_id
        self.invalidate_model()
        return {"type": "ir.actions.client", "tag": "soft_reload"}
