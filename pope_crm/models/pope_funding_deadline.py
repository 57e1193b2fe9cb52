from odoo import api, fields, models
from odoo.tools import SQL

SOURCE_BITS = 4
SOON = 30  # days


class FundingDeadline(models.Model):
    """All that is due to funders, on one calendar: applications to file, reports to send. A database view."""

    _name = "pope.funding.deadline"
    _description = "Funding Deadline"
    _auto = False
    _order = "date, id"

    _depends = {
        "pope.funding": ["date_deadline", "state", "partner_id", "lead_id", "company_id", "user_id", "beneficiary"],
        "pope.funding.obligation": ["name", "date_due", "state", "funding_id", "company_id", "user_id"],
    }

    date = fields.Date(string="Due On", readonly=True)
    kind = fields.Selection([("filing", "Application to File"), ("obligation", "Due to the Funder")], readonly=True)
    is_done = fields.Boolean(string="Done", readonly=True)
    color = fields.Integer(readonly=True)
    funding_id = fields.Many2one("pope.funding", string="Funding File", readonly=True)
    obligation_id = fields.Many2one("pope.funding.obligation", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Funder", readonly=True)
    lead_id = fields.Many2one("crm.lead", string="Project", readonly=True)
    beneficiary = fields.Selection(
        [("pole", "The Pole"), ("project", "A Holder's Project"), ("person", "A Childminder in Person")],
        readonly=True,
    )
    company_id = fields.Many2one("res.company", readonly=True)
    user_id = fields.Many2one("res.users", string="Person in Charge", readonly=True)
    obligation_name = fields.Char(readonly=True)
    name = fields.Char(string="What", compute="_compute_name")

    @api.depends("obligation_name")
    @api.depends_context("lang")
    def _compute_name(self):
        for deadline in self:
            deadline.name = deadline.obligation_name or self.env._("Application to file")

    @api.depends("name", "funding_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for deadline in self:
            deadline.display_name = f"{deadline.name} – {deadline.funding_id.name}"

    @property
    def _table_query(self):
        today = fields.Date.context_today(self)
        # the colours of the web client: red is late, amber is soon, green is done
        return SQL(
            """SELECT told.*, obligation.name AS obligation_name,
                      CASE WHEN is_done THEN 10 WHEN date < %(today)s THEN 1
                           WHEN date <= %(today)s + %(soon)s THEN 3 ELSE 4 END AS color
                 FROM (%(told)s) AS told (id, date, kind, is_done, funding_id, obligation_id, partner_id, lead_id,
                                          beneficiary, company_id, user_id)
            LEFT JOIN pope_funding_obligation obligation ON obligation.id = told.obligation_id""",
            today=today,
            soon=SOON,
            told=SQL(" UNION ALL ").join(self._deadline_queries()),
        )

    @api.model
    def _deadline_queries(self):
        """A query a source, each with a number of its own in the last bits of its ids, from 0 to 15."""
        return [
            SQL(
                """SELECT (funding.id::bigint << %s), funding.date_deadline, 'filing',
                          funding.state NOT IN ('watch', 'to_file'), funding.id, NULL::integer, funding.partner_id,
                          funding.lead_id, funding.beneficiary, funding.company_id, funding.user_id
                     FROM pope_funding funding
                    WHERE funding.date_deadline IS NOT NULL AND funding.state != 'dropped'""",
                SOURCE_BITS,
            ),
            SQL(
                """SELECT (obligation.id::bigint << %s) + 1, obligation.date_due, 'obligation',
                          obligation.state != 'to_do', funding.id, obligation.id, funding.partner_id,
                          funding.lead_id, funding.beneficiary, funding.company_id, obligation.user_id
                     FROM pope_funding_obligation obligation JOIN pope_funding funding
                       ON funding.id = obligation.funding_id
                    WHERE obligation.date_due IS NOT NULL AND obligation.state != 'not_needed'
                      AND funding.state NOT IN ('refused', 'dropped')""",
                SOURCE_BITS,
            ),
        ]

    def action_open(self):
        """The obligation, or the file that waits."""
        self.ensure_one()
        return (self.obligation_id or self.funding_id).get_formview_action()

    def action_done(self):
        """Filed today, or sent today."""
        self.obligation_id.action_sent()
        self.filtered(lambda deadline: not deadline.obligation_id).funding_id.action_file()

    @api.model
    def _cron_remind(self):
        for model in ("pope.funding", "pope.funding.obligation", "pope.loan", "pope.loan.line"):
            self.env[model]._remind()
