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
    line_id = fields.Many2one("pope.summary.line", readonly=True)
    sequence = fields.Integer(readonly=True)
    is_heading = fields.Boolean(readonly=True)
    currency_id = fields.Many2one(related="summary_id.currency_id")
    name = fields.Char(string="Line", compute="_compute_amounts")
    amount = fields.Monetary(string="This Year", compute="_compute_amounts")
    amount_previous = fields.Monetary(string="Last Year", compute="_compute_amounts")
    variation = fields.Monetary(compute="_compute_amounts")
    amount_now = fields.Monetary(string="In the Books Now", compute="_compute_amounts")
    is_different = fields.Boolean(compute="_compute_amounts")
    is_missing_data = fields.Boolean(compute="_compute_amounts")

    @api.model
    def _id_of(self, summary_id, line_id):
        return summary_id * LINES + line_id

    @api.depends("summary_id.live_figures", "summary_id.frozen_figures", "summary_id.state", "line_id.name")
    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_amounts(self):
        for summary, rows in self.grouped("summary_id").items():
            figures = {row["line_id"]: row for row in summary._figures()["rows"]}
            differences = summary._differences()
            for row in rows:
                values = figures.get(row.line_id.id, {})
                row.name = row.line_id.name or values.get("name")
                row.amount = values.get("this_year", 0.0)
                row.amount_previous = values.get("last_year", 0.0)
                row.variation = row.amount - row.amount_previous
                row.is_missing_data = values.get("missing", False)
                row.is_different = row.line_id.code in differences
                row.amount_now = differences.get(row.line_id.code, row.amount)

    def action_open_items(self):
        """The journal items of this year behind the line."""
        return self._open_items(0)

    def action_open_items_previous(self):
        return self._open_items(1)

    def _open_items(self, year):
        self.ensure_one()
        summary = self.summary_id
        period = summary._periods()[year]
        name = f"{self.name} · {summary._year_label(*period)}"
        codes, by_funder = summary._behind(self.line_id.mapped("code"))
        return summary._open_items(name, codes, *period, by_funder)
