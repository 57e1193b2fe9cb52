from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

ANSWERS = [("yes", "Yes"), ("no", "No"), ("undisclosed", "Does not wish to answer")]


class PersonSensitive(models.Model):
    """What a person agreed to tell of their health, origin or income, because a funder obliges to ask.

    One row each time they are asked: the last one holds. Read by a small group only, it has no discussion, so that no
    value is copied to messages, and no notes: the answers are the funder's closed questions.
    """

    _name = "pope.person.sensitive"
    _description = "Sensitive Data of a Person"
    _order = "date_consent desc, id desc"
    _rec_name = "date_consent"

    partner_id = fields.Many2one("res.partner", string="Person", required=True, ondelete="cascade", index=True)
    date_consent = fields.Date(
        string="Consented On",
        required=True,
        default=fields.Date.context_today,
        help="Day the person explicitly agreed that these answers be kept. Without it nothing may be written.",
    )
    disability = fields.Selection(ANSWERS, help="Recognised by the MDPH (RQTH), or declared.")
    minimum_income = fields.Selection(ANSWERS, string="Minimum-Income Benefits", help="RSA, ASS, AAH.")
    # The common indicators of participants, Regulation (EU) 2021/1057, annex I: asked for an FSE+ operation only.
    third_country = fields.Selection(ANSWERS, string="Citizen of a Country outside the EU")
    foreign_background = fields.Selection(ANSWERS)
    minority = fields.Selection(ANSWERS, string="Belongs to a Minority")
    housing_exclusion = fields.Selection(ANSWERS, string="Homeless or Badly Housed")
    rural_area = fields.Selection(ANSWERS, string="Lives in a Rural Area")
    single_parent = fields.Selection(ANSWERS, string="Alone with Children")

    @api.constrains("date_consent")
    def _check_date_consent(self):
        today = fields.Date.context_today(self)
        if any(row.date_consent > today for row in self):
            raise ValidationError(self.env._("A consent cannot be given in the future."))

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        """Every generic export ends here, also the one of a person's list: none of them carries these answers.

        They go out with all that is held on one person, at their request.
        """
        raise UserError(self.env._("Sensitive data do not go into exports."))
