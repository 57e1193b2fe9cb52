from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date


class YearStatus(models.Model):
    """What became of the accounts of a year kept in Odoo: closed, then approved by the general meeting."""

    _name = "pope.year.status"
    _description = "State of the Accounts of a Year"
    _order = "date_to desc, id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", string="Year")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True, ondelete="cascade"
    )
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(string="To", required=True)
    status = fields.Selection(
        [("provisional", "Provisional"), ("closed", "Closed"), ("approved", "Approved by the general meeting")],
        required=True,
        default="closed",
    )
    date_approved = fields.Date(string="General Meeting On")

    _period = models.Constraint("CHECK (date_from <= date_to)", "The year must begin before it ends.")
    _once = models.UniqueIndex("(company_id, date_from, date_to)", "This year has its state already: change that one.")

    @api.depends("date_from", "date_to")
    def _compute_name(self):
        label = self.env["pope.financial.summary"]._year_label
        for year in self:
            year.name = year.date_from and year.date_to and label(year.date_from, year.date_to)

    @api.constrains("status", "date_approved")
    def _check_approved(self):
        for year in self:
            if year.status == "approved" and not year.date_approved:
                raise ValidationError(self.env._("Say on which day the general meeting approved the accounts."))

    @api.constrains("company_id", "date_from", "date_to")
    def _check_overlap(self):
        """A day has one state. Years are few: one search each."""
        for year in self:
            other = self.search(
                [
                    ("company_id", "=", year.company_id.id),
                    ("id", "!=", year.id),
                    ("date_from", "<=", year.date_to),
                    ("date_to", ">=", year.date_from),
                ],
                limit=1,
            )
            if other:
                raise ValidationError(
                    self.env._(
                        "The state of the accounts from %(start)s to %(end)s is told already.",
                        start=format_date(self.env, other.date_from),
                        end=format_date(self.env, other.date_to),
                    )
                )


class ResCompany(models.Model):
    _inherit = "res.company"

    def _pope_year_status(self, date_from, date_to):
        """What a manager said of the accounts of a period that Odoo's journal items tell: (status, day of approval)."""
        # sudo: a fact that everybody of the pole may know
        said = (
            self.env["pope.year.status"]
            .sudo()
            .search([("company_id", "=", self.id), ("date_from", "<=", date_from), ("date_to", ">=", date_to)], limit=1)
        )
        if said.status in ("closed", "approved"):
            return said.status, said.status == "approved" and str(said.date_approved)
        return "closed" if self._pope_is_closed(date_to) else "provisional", False


class FinancialSummary(models.Model):
    _inherit = "pope.financial.summary"

    def action_year_status(self):
        """Where a manager says that the accounts of the year are closed, or approved."""
        self.ensure_one()
        year = self.env["pope.year.status"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("date_from", "<=", self.date_from),
                ("date_to", ">=", self.date_to),
            ],
            limit=1,
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("State of the accounts"),
            "res_model": "pope.year.status",
            "res_id": year.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_company_id": self.company_id.id,
                "default_date_from": str(self.date_from),
                "default_date_to": str(self.date_to),
            },
        }
