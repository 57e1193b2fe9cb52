from odoo import api, fields, models
from odoo.exceptions import ValidationError

UNDISCLOSED = ("undisclosed", "Does not wish to answer")


class ResPartner(models.Model):
    """The profile that funders count people by; read by the team only, and never needed to be accompanied."""

    _inherit = "res.partner"

    pope_gender = fields.Selection(
        [("woman", "Woman"), ("man", "Man"), ("other", "Other"), UNDISCLOSED],
        string="Gender",
        groups="pope_crm.group_pope_user",
        copy=False,
    )
    pope_birth_date = fields.Date(string="Birth Date", groups="pope_crm.group_pope_user", copy=False)
    pope_birth_year = fields.Integer(
        string="Birth Year",
        aggregator=None,
        groups="pope_crm.group_pope_user",
        help="Enough for the age bands of funders; of an anonymised person, the first year of a band of five.",
        copy=False,
    )
    pope_situation = fields.Selection(
        [
            ("employee", "Employee"),
            ("self_employed", "Self-employed"),
            ("job_seeker", "Job seeker"),
            ("long_term_job_seeker", "Job seeker for more than a year"),
            ("inactive", "Neither employed nor seeking a job"),
            ("training", "In training"),
            UNDISCLOSED,
        ],
        string="Situation at Entry",
        groups="pope_crm.group_pope_user",
        copy=False,
    )
    # Levels of the national directory of qualifications (RNCP); ISCED: none 0-2, 3 and 4 3-4, from 5 on 5-8.
    pope_diploma_level = fields.Selection(
        [
            ("none", "No diploma, or brevet"),
            ("3", "Level 3 (CAP, BEP)"),
            ("4", "Level 4 (baccalauréat)"),
            ("5", "Level 5 (BTS, DUT)"),
            ("6", "Level 6 (licence)"),
            ("7", "Level 7 (master)"),
            ("8", "Level 8 (doctorate)"),
            UNDISCLOSED,
        ],
        string="Highest Diploma",
        groups="pope_crm.group_pope_user",
        copy=False,
    )
    pope_has_foreign_diploma = fields.Boolean(
        string="Foreign Diploma", groups="pope_crm.group_pope_user", help="A diploma of another country.", copy=False
    )
    # Common European Framework of Reference for Languages
    pope_french_level = fields.Selection(
        [
            ("a1", "A1 (beginner)"),
            ("a2", "A2 (simple exchanges)"),
            ("b1", "B1 (independent)"),
            ("b2", "B2 (at ease)"),
            ("c", "C1 and more, or mother tongue"),
            UNDISCLOSED,
        ],
        string="French Level",
        groups="pope_crm.group_pope_user",
        copy=False,
    )
    pope_prescriber_id = fields.Many2one(
        "res.partner",
        string="Sent By",
        index="btree_not_null",
        ondelete="restrict",
        groups="pope_crm.group_pope_user",
        help="The organisation or person that sent them to the pole.",
        copy=False,
    )

    @api.constrains("pope_birth_date", "pope_birth_year")
    def _check_pope_birth(self):
        today = fields.Date.context_today(self)
        # sudo: the rule holds whoever writes, and shows nothing of the values
        for partner in self.sudo():
            year, date = partner.pope_birth_year, partner.pope_birth_date
            if (year and not 1900 <= year <= today.year) or (date and date > today):
                raise ValidationError(
                    self.env._("%(name)s: check the birth date or year, it cannot be right.", name=partner.name)
                )

    @api.onchange("pope_birth_date")
    def _onchange_pope_birth_date(self):
        if self.pope_birth_date:
            self.pope_birth_year = self.pope_birth_date.year

    @api.model
    def _pope_clean_values(self, vals):
        vals = super()._pope_clean_values(vals)
        if date := vals.get("pope_birth_date"):
            vals = {**vals, "pope_birth_year": fields.Date.to_date(date).year}
        return vals
