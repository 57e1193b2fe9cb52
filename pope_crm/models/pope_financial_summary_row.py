from odoo import api, fields, models

LINES = 1 << 20


class FinancialSummaryRow(models.Model):
    """A line of one summary. Nothing is stored: a row for each summary and line, the amounts are the summary's."""

    _name = "pope.financial.summary.row"
    _description = "Line of a Financial Summary"
    _auto = False
    _order = "summary_id, sequence, line_id"
    _rec_name = "name"
    _table_query = f"""
        SELECT summary.id::bigint * {LINES} + line.id AS id, summary.id AS summary_id, summary.company_id,
               line.id AS line_id, line.sequence, line.kind != 'line' OR line.parent_id IS NULL AS is_heading
          FROM pope_financial_summary summary CROSS JOIN pope_summary_line line
    """

    summary_id = fields.Many2one("pope.financial.summary", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    line_id = fields.Many2one("pope.summary.line", string="Summary Line", readonly=True)
    sequence = fields.Integer(readonly=True)
    is_heading = fields.Boolean(readonly=True)
    currency_id = fields.Many2one(related="summary_id.currency_id")
    name = fields.Char(string="Line", compute="_compute_amounts")
    amount = fields.Monetary(string="This Year", compute="_compute_amounts")
    amount_previous = fields.Monetary(string="Last Year", compute="_compute_amounts")
    amount_budget = fields.Monetary(string="Budget", compute="_compute_amounts")
    variation = fields.Monetary(
        string="Variance",
        compute="_compute_amounts",
        help="From the budget of the year; from last year when there is none.",
    )
    rate = fields.Float(string="Variance (%)", compute="_compute_amounts")
    comment = fields.Char(compute="_compute_amounts")
    is_comment_asked = fields.Boolean(compute="_compute_amounts")
    amount_now = fields.Monetary(string="In the Books Now", compute="_compute_amounts")
    is_different = fields.Boolean(compute="_compute_amounts")
    is_missing_data = fields.Boolean(compute="_compute_amounts")

    @api.model
    def _id_of(self, summary_id, line_id):
        return summary_id * LINES + line_id

    @api.depends(
        *("summary_id.live_figures", "summary_id.frozen_figures", "summary_id.state", "line_id.name"),
        "summary_id.comment_ids.text",
    )
    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_amounts(self):
        for summary, rows in self.grouped("summary_id").items():
            figures = {row["line_id"]: row for row in summary._figures()["rows"]}
            differences, comments = summary._differences(), summary._comments()
            for row in rows:
                values = figures.get(row.line_id.id, {})
                row.name = row.line_id.name or values.get("name")
                row.amount = values.get("this_year", 0.0)
                row.amount_previous = values.get("last_year", 0.0)
                row.amount_budget = values.get("budget", 0.0)
                row.variation = values.get("variance", row.amount - row.amount_previous)
                row.rate = values.get("rate") or 0.0
                row.comment = comments.get(row.line_id.code)
                row.is_comment_asked = values.get("asked", False)
                row.is_missing_data = values.get("missing", False)
                row.is_different = row.line_id.code in differences
                row.amount_now = differences.get(row.line_id.code, row.amount)

    def action_open_items(self):
        """The journal items of this year behind the line."""
        return self._open_items(0)

    def action_open_items_previous(self):
        return self._open_items(1)

    def action_open_budget(self):
        """The budget lines behind the planned amount."""
        self.ensure_one()
        summary = self.summary_id
        codes = summary._lines_of(self.line_id.mapped("code"))
        action = self.env["ir.actions.actions"]._for_xml_id("pope_crm.pope_budget_line_action")
        return action | {
            "name": self.env._("%(line)s: budget", line=self.name),
            "domain": [("budget_id", "in", summary._budgets().ids), ("code", "in", list(codes))],
            "context": {"create": False},
        }

    def _open_items(self, year):
        self.ensure_one()
        summary = self.summary_id
        period = summary._periods()[year]
        name = f"{self.name} · {summary._year_label(*period)}"
        codes, by_funder = summary._behind(self.line_id.mapped("code"))
        action = summary._open_items(name, codes, *period, by_funder)
        action = summary._show_told(action, codes, by_funder, self.line_id._sign())
        return action if year else summary._show_beside(action, self)
