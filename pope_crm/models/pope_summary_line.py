from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..core import account_prefixes
from .pope_cash_forecast import KIND_NAMES

STATEMENT = ("expense", "income", "in_kind_expense", "in_kind_income")
PLAN = ("need", "resource")
BALANCE = ("asset", "liability")


class SummaryLine(models.Model):
    """A line of the statements that funders ask for, and the accounts that go to it."""

    _name = "pope.summary.line"
    _description = "Summary Line"
    _order = "form_version, sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    section = fields.Selection(
        [
            ("expense", "Charges"),
            ("income", "Income"),
            ("in_kind_expense", "86 Use of contributions in kind"),
            ("in_kind_income", "87 Contributions in kind"),
            ("need", "Needs"),
            ("resource", "Resources"),
            ("asset", "Assets"),
            ("liability", "Liabilities"),
        ],
        required=True,
    )
    kind = fields.Selection(
        [
            ("line", "Line of accounts"),
            ("class", "Total of its lines"),
            ("total", "Total of the section"),
            ("result", "Income less charges"),
            ("result_year", "Result of the year so far"),
            ("result_former", "Results of former years, not allocated"),
            ("key", "Shared by a key, never by account"),
        ],
        required=True,
        default="line",
    )
    prefixes = fields.Char(
        string="Accounts",
        help="Beginnings of account codes, apart by spaces or commas; one that begins with a minus is left out "
        "(64 -6411). An account goes to the line with the longest matching beginning.",
    )
    funder_role_ids = fields.Many2many(
        "pope.partner.role",
        "pope_summary_line_funder_rel",
        "line_id",
        "role_id",
        string="Kinds of Funder",
        domain=[("kind", "=", "funder")],
        help="What the accounts of this class say of a funding file goes to the line of the kind of its funder, "
        "whatever the account.",
    )
    funder_prefixes = fields.Char(
        string="Also Taken From",
        help="Beginnings of account codes of other classes: what they say of a file of these kinds of funder is told "
        "here, and no longer there.",
    )
    parent_id = fields.Many2one(
        "pope.summary.line",
        string="Class",
        ondelete="restrict",
        index="btree_not_null",
        domain=[("kind", "=", "class")],
    )
    child_ids = fields.One2many("pope.summary.line", "parent_id", string="Lines")
    hide_if_zero = fields.Boolean(string="Only When Not Zero")
    is_missing_data = fields.Boolean(
        string="To Be Detailed", help="A sum on this line is told among the missing data: it belongs on another one."
    )
    is_monthly = fields.Boolean(
        string="Spread by Month", help="In a budget, a twelfth each month: salaries, rent. For the cash plan."
    )
    cash_kind = fields.Selection(
        KIND_NAMES,
        string="Row of the Cash Plan",
        help="What the money of this line of a budget is. Empty: as its class says; no money where neither tells, as "
        "for depreciation, or for loans, which tell their own.",
    )
    note = fields.Char(translate=True)
    form_version = fields.Char(required=True, help="Number of the official form, e.g. 12156*06.")
    date_from = fields.Date(string="Valid From")
    date_to = fields.Date(string="Valid To")

    _code_unique = models.UniqueIndex("(form_version, code)", "This form already has a line with this code.")

    @api.constrains("prefixes", "funder_prefixes")
    def _check_prefixes(self):
        for line in self:
            try:
                account_prefixes.parse(line.prefixes)
                account_prefixes.parse(line.funder_prefixes)
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "“%(part)s” is no beginning of an account code: write for example 641 644 -6411.",
                        part=error.args[0],
                    )
                ) from None

    @api.model
    def _valid_on(self, day, sections=STATEMENT):
        """The lines of the form in force that day, in the order of the form."""
        return self.search(
            [
                ("section", "in", sections),
                "|",
                ("date_from", "=", False),
                ("date_from", "<=", day),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", day),
            ]
        )

    def _sign(self):
        """What makes an amount of this line positive: charges and assets are debits, income and liabilities credits."""
        return 1 if self.section in ("expense", "in_kind_expense", "need", "asset") else -1

    def _by_funder(self):
        """Where the lines tell funders apart.

        :return: dict code of a kind of funder → line
        """
        return {role.code: line for line in self for role in line.funder_role_ids}

    def _takes_of_funder(self, code, owner):
        """Whether this line takes what an account says of a file of its kinds of funder, rather than its own line.

        :param code: of the account
        :param owner: line of the account
        """
        self.ensure_one()
        of_class = owner.parent_id and owner.parent_id == self.parent_id
        return bool(of_class or account_prefixes.matching(code, self.funder_prefixes))

    def _cash_kind(self):
        """The row of the cash plan that a budget feeds here, or False."""
        return self.cash_kind or self.parent_id.cash_kind

    def _is_written(self):
        """Whether a budget writes an amount on this line, rather than adding others up."""
        self.ensure_one()
        return self.kind in ("line", "key") and not self.child_ids

    def _components(self):
        """What each line of a statement adds up.

        :return: dict line → (lines added, lines taken away); both empty for a line of accounts
        """
        shown = self.filtered(lambda line: line.kind != "key")
        none = self.browse()
        components = {}
        for line in shown:
            if line.kind == "class":
                components[line] = (shown.filtered(lambda child, line=line: child.parent_id == line), none)
            elif line.kind == "total":
                components[line] = (
                    shown.filtered(
                        lambda other, line=line: (
                            other.section == line.section
                            and other.kind in ("line", "class", "result_year", "result_former")
                            and not other.parent_id
                        )
                    ),
                    none,
                )
            elif line.kind == "result":
                totals = shown.filtered(lambda other: other.kind == "total")
                components[line] = (
                    totals.filtered(lambda total: total.section == "income"),
                    totals.filtered(lambda total: total.section == "expense"),
                )
            else:
                components[line] = (none, none)
        return components
