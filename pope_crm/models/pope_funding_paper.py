from odoo import api, fields, models


class FundingPaper(models.Model):
    """A paper that a funding file needs: got or not, sent or not, with its file and the day it expires."""

    _name = "pope.funding.paper"
    _description = "Paper of a Funding File"
    _inherit = ["pope.joined.files"]
    _order = "funding_id, sequence, id"

    funding_id = fields.Many2one("pope.funding", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="funding_id.company_id", store=True)
    scheme_paper_id = fields.Many2one(
        "pope.funding.scheme.paper", readonly=True, ondelete="set null", index="btree_not_null"
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True)
    state = fields.Selection(
        [("to_get", "To Get"), ("have", "We Have It"), ("sent", "Sent"), ("not_needed", "Not Needed")],
        compute="_compute_state",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    attachment_ids = fields.Many2many("ir.attachment", string="Files", copy=False, bypass_search_access=True)
    date_expiry = fields.Date(string="Valid Until")
    is_expired = fields.Boolean(string="Expired", compute="_compute_is_expired")
    note = fields.Char()

    @api.depends("attachment_ids")
    def _compute_state(self):
        """A file attached to a paper to get is a paper we have."""
        for paper in self:
            if paper.state in (False, "to_get"):
                paper.state = "have" if paper.attachment_ids else "to_get"

    @api.depends("date_expiry")
    def _compute_is_expired(self):
        today = fields.Date.context_today(self)
        for paper in self:
            paper.is_expired = bool(paper.date_expiry and paper.date_expiry < today)

    def _carry_to(self, funding):
        """The same papers on another file: those that still hold are there already, with their files."""
        for paper in self:
            holds = paper.state in ("have", "sent") and not paper.is_expired
            state = "have" if holds else "not_needed" if paper.state == "not_needed" else "to_get"
            copied = paper.copy(
                {
                    "funding_id": funding.id,
                    "state": state,
                    "date_expiry": paper.date_expiry if holds else False,
                }
            )
            if holds and paper.attachment_ids:
                files = paper.attachment_ids.copy({"res_model": copied._name, "res_id": copied.id})
                copied.attachment_ids = files
