from odoo import api, fields, models

from .pope_training_financing import LINES

# which line of frame C the money of a kind of funder belongs to; the others are asked
BY_FUNDER = {
    "state": "C5",
    "region": "C6",
    "europe": "C4",
    "department": "C8",
    "inter_municipal": "C8",
    "municipal": "C8",
    "family_fund": "C8",
    "social_body": "C8",
    "public_body": "C8",
    "foundation": "C11",
}


class Funding(models.Model):
    """The part of an award that pays for trainings, and its line in the training and financial return."""

    _inherit = "pope.funding"

    training_financing_ids = fields.One2many("pope.training.financing", "funding_id", string="Trainees It Pays For")
    training_rate = fields.Float(
        string="Part for Training (%)",
        compute="_compute_training_rate",
        store=True,
        readonly=False,
        digits=(6, 2),
        help="Of the award, what pays for trainings: wholly once it pays for a trainee, unless you write another part.",
    )
    bpf_line = fields.Selection(
        LINES,
        string="Line of the Return",
        compute="_compute_bpf_line",
        store=True,
        readonly=False,
        help="As the way to pay of its trainees says, else by the kind of funder.",
    )

    _training_rate_range = models.Constraint(
        "CHECK (training_rate IS NULL OR training_rate BETWEEN 0 AND 100)", "A part is between 0 and 100 %."
    )

    @api.depends("training_financing_ids")
    def _compute_training_rate(self):
        for funding in self:
            funding.training_rate = funding.training_rate or (100.0 if funding.training_financing_ids else 0.0)

    @api.depends("training_financing_ids.scheme_id.bpf_line", "scheme_id.role_id", "partner_id.pope_role_ids")
    def _compute_bpf_line(self):
        for funding in self:
            by_scheme = set(funding.training_financing_ids.scheme_id.mapped("bpf_line")) - {False}
            if len(by_scheme) == 1:
                funding.bpf_line = by_scheme.pop()
            else:
                funding.bpf_line = funding.bpf_line or BY_FUNDER.get(funding._funder_kind(), False)
