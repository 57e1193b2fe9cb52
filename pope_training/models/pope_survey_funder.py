from odoo import api, fields, models
from odoo.exceptions import UserError


class SurveyFunder(models.Model):
    """A funder who is asked once a year what they think of the trainings that they pay for."""

    _name = "pope.survey.funder"
    _description = "Yearly Survey of a Funder"
    _order = "year desc, id"
    _rec_name = "partner_id"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    year = fields.Integer(required=True, aggregator=None, default=lambda self: fields.Date.context_today(self).year - 1)
    partner_id = fields.Many2one("res.partner", string="Funder", required=True, ondelete="restrict", check_company=True)
    email = fields.Char(related="partner_id.email")
    date_asked = fields.Date(string="Asked On", readonly=True)
    answer_id = fields.Many2one("survey.user_input", string="What They Answered", ondelete="set null", readonly=True)
    # sudo: whoever lists them sees whether they answered
    state = fields.Selection(related="answer_id.state", string="Answer", related_sudo=True)
    notification_ids = fields.One2many("pope.notification", "funder_survey_id", string="E-mails")

    @api.constrains("year", "partner_id", "company_id")
    def _check_once(self):
        for row in self:
            same = [("year", "=", row.year), ("partner_id", "=", row.partner_id.id), ("id", "!=", row.id)]
            if self.search_count([*same, ("company_id", "=", row.company_id.id)], limit=1):
                raise UserError(
                    self.env._("%(name)s is in the list of %(year)s already.", name=row.partner_id.name, year=row.year)
                )

    def _pope_entry_number(self):
        return 0

    @api.model
    @api.private
    def _list_of(self, company, year):
        """Add those who paid for a training of that year, each once.

        :return: the new rows
        """
        begin, end = f"{year}-01-01", f"{year + 1}-01-01"
        lines = self.env["pope.training.financing"].search(
            [
                ("company_id", "=", company.id),
                ("state", "!=", "refused"),
                ("enrolment_id.date_begin", ">=", begin),
                ("enrolment_id.date_begin", "<", end),
            ]
        )
        payers = lines.partner_id | lines.funding_id.partner_id
        # who pays for themselves, and their employer, are asked as such
        payers = payers.filtered("is_company") - lines.enrolment_id.employer_id
        known = self.search([("company_id", "=", company.id), ("year", "=", year)]).partner_id
        return self.create(
            [{"company_id": company.id, "year": year, "partner_id": payer.id} for payer in payers - known]
        )

    @api.model
    def action_list_last_year(self):
        """Those who paid last year are listed, once however often it is asked."""
        self._list_of(self.env.company, fields.Date.context_today(self).year - 1)

    def action_ask(self):
        """Each of them receives the survey of the year, and one reminder."""
        self.check_access("write")
        asked = self.filtered(lambda row: not row.date_asked)
        # sudo: whoever asks, without reading surveys
        survey = self.env["survey.survey"].sudo().search([("pope_kind", "=", "funder")], order="id", limit=1)
        if not survey:
            raise UserError(self.env._("The survey of funders is archived: bring it back first."))
        # sudo: answers are made by the mail engine only; the access was checked just above
        answers = (
            self.env["survey.user_input"]
            .sudo()
            ._pope_ask([{"survey": survey, "partner": row.partner_id, "company": row.company_id} for row in asked])
        )
        for row, answer in zip(asked, answers, strict=True):
            row.answer_id = answer
        asked.date_asked = fields.Date.context_today(self)
        self.env["pope.notification.rule"]._for_trigger("date", "funder")._plan(asked)


class NotificationRule(models.Model):
    _inherit = "pope.notification.rule"

    source = fields.Selection(selection_add=[("funder", "Yearly survey of a funder")], ondelete={"funder": "cascade"})

    @api.model
    def _source_dates(self):
        return {**super()._source_dates(), "funder": ("pope.survey.funder", ["date_asked"])}

    def _source_field(self):
        return "funder_survey_id" if self.source == "funder" else super()._source_field()

    def _source_values(self, record):
        return {"funder_survey_id": record.id} if self.source == "funder" else super()._source_values(record)

    def _recipients(self, records):
        if self.source == "funder":
            return {record: record.partner_id for record in records}
        return super()._recipients(records)

    def _record_of(self, lead):
        return self.env["pope.survey.funder"] if self.source == "funder" else super()._record_of(lead)


class Notification(models.Model):
    _inherit = "pope.notification"

    funder_survey_id = fields.Many2one(
        "pope.survey.funder", string="Yearly Survey", ondelete="set null", index="btree_not_null"
    )
    survey_year = fields.Char(compute="_compute_survey_links")

    @api.model
    def mail_allowed_qweb_expressions(self):
        return (*super().mail_allowed_qweb_expressions(), "object.survey_year")

    @api.depends("funder_survey_id.answer_id.state")
    def _compute_survey_links(self):
        super()._compute_survey_links()
        for row in self:
            row.survey_year = row.funder_survey_id.year and str(row.funder_survey_id.year)

    def _kinds(self):
        return ["funder"] if self.rule_id.source == "funder" else super()._kinds()

    def _answers(self):
        # sudo: whoever reads the e-mail reads the links that it carries
        return self.sudo().funder_survey_id.answer_id or super()._answers()

    def _still_valid(self):
        if self.rule_id.source != "funder" or self.is_manual:
            return super()._still_valid()
        if not self.rule_id.active or not self.funder_survey_id:
            return False, "obsolete"
        done = self._answers().state == "done"
        return (False, "answered") if done else (True, False)
