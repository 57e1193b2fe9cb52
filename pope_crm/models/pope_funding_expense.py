from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..core import account_prefixes

# By the beginning of the code, never by the type: charts differ. Money set aside for later years (689) is not spent.
SPENT_ACCOUNTS = "6 -689"
# What an investment grant pays is bought in class 2; its depreciation would count it twice.
INVESTED_ACCOUNTS = "6 20 21 22 23 -68"


class FundingExpense(models.Model):
    """What is spent for a file on each account, from the entries spread over it and from the lines of books kept
    elsewhere that are charged to it: nothing is stored.

    Analytic lines that somebody typed without an entry are left out: they are in no account. A day is told by one
    source: where imported books charge files, the entries that Odoo also holds of their days are told beside.
    """

    _name = "pope.funding.expense"
    _description = "Expense of a Funding"
    _auto = False
    _order = "funding_id, code, id"

    _depends = {
        "account.account": ["code_store"],
        "account.analytic.line": ["account_id", "amount", "company_id", "date", "general_account_id", "move_line_id"],
        "account.move.line": ["parent_state"],
        "pope.books": ["state", "date_from", "date_to"],
        "pope.books.charge": ["account_code", "amount", "books_id", "date", "funding_id", "line_id"],
        "pope.books.line": ["account_code", "account_name"],
        "pope.funding": ["analytic_account_id", "company_id", "date_from", "date_to", "nature"],
    }

    funding_id = fields.Many2one("pope.funding", string="Funding File", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    account_id = fields.Many2one("account.account", string="Account of the Books", readonly=True)
    books_account = fields.Char(string="Account of the Imported Books", readonly=True)
    name = fields.Char(string="Account", compute="_compute_name")
    code = fields.Char(string="Account Code", readonly=True)
    line_id = fields.Many2one("pope.summary.line", string="Line of the Form", compute="_compute_line_id")
    amount = fields.Monetary(string="Spent", readonly=True)
    amount_outside = fields.Monetary(
        string="Outside the Dates", readonly=True, help="Before the action begins or after it ends."
    )

    amount_beside = fields.Monetary(
        string="Told by Imported Books",
        readonly=True,
        help="Entries of Odoo on days that imported books tell: not counted as spent.",
    )

    @api.depends("account_id", "books_account", "code")
    def _compute_name(self):
        for expense in self:
            expense.name = expense.account_id.display_name or f"{expense.code} {expense.books_account or ''}".strip()

    @api.depends("code")
    def _compute_line_id(self):
        lines = self.env["pope.summary.line"]._valid_on(fields.Date.context_today(self))
        shown = lines.filtered(lambda line: line.kind == "line")
        owner, _alone = account_prefixes.attribute(
            set(filter(None, self.mapped("code"))), [(line, line.prefixes) for line in shown]
        )
        for expense in self:
            expense.line_id = owner.get(expense.code, False)

    @property
    def _table_query(self):
        """The id is that of the file and of the account, or of the first line charged: whole numbers of a browser."""
        return SQL(
            """SELECT CASE WHEN account_id IS NULL
                           THEN (1::bigint << 52) + (funding_id::bigint << 31) + MIN(books_line_id)
                           ELSE (funding_id::bigint << 24) + account_id END AS id,
                      funding_id, company_id, account_id, code, MAX(books_account) AS books_account,
                      SUM(CASE WHEN is_beside THEN 0 ELSE amount END) AS amount,
                      SUM(CASE WHEN is_beside THEN amount ELSE 0 END) AS amount_beside,
                      SUM(CASE WHEN is_outside AND NOT is_beside THEN amount ELSE 0 END) AS amount_outside
                 FROM (%s) expense GROUP BY funding_id, company_id, account_id, code""",
            self._lines_query(),
        )

    def _lines_query(self):
        """Each share of a line that a file bears, on an account of what is spent."""
        return SQL("%s UNION ALL %s", self._items_query(), self._books_query())

    def _items_query(self):
        """Shares of posted entries."""
        columns = [SQL.identifier("line", name) for name in self.env["account.analytic.line"]._get_plan_fnames()]
        return SQL(
            """SELECT funding.id AS funding_id, funding.company_id, line.general_account_id AS account_id,
                      account.code, NULL AS books_account, item.id AS item_id, NULL::integer AS books_line_id,
                      item.balance, -line.amount AS amount, %(outside)s AS is_outside,
                      EXISTS (SELECT FROM pope_books books
                               WHERE books.company_id = line.company_id AND books.state = 'accepted'
                                 AND line.date BETWEEN books.date_from AND books.date_to
                                 AND EXISTS (SELECT FROM pope_books_charge
                                              WHERE books_id = books.id AND account_code NOT LIKE '7%%')) AS is_beside
                 FROM pope_funding funding
                 JOIN account_analytic_line line ON funding.analytic_account_id IN (%(columns)s)
                 JOIN account_move_line item ON item.id = line.move_line_id AND item.parent_state = 'posted'
                 JOIN res_company company ON company.id = line.company_id
        CROSS JOIN LATERAL (SELECT code_store ->> split_part(company.parent_path, '/', 1) AS code
                              FROM account_account WHERE id = line.general_account_id) account
                WHERE %(condition)s""",
            columns=SQL(", ").join(columns),
            outside=self._is_outside(),
            condition=self._condition(),
        )

    def _books_query(self):
        """Shares of lines of accepted books."""
        return SQL(
            """SELECT funding.id AS funding_id, funding.company_id, NULL::integer AS account_id,
                      account.account_code AS code, account.account_name AS books_account, NULL::integer AS item_id,
                      account.id AS books_line_id, account.balance, line.amount, %(outside)s AS is_outside,
                      FALSE AS is_beside
                 FROM pope_funding funding
                 JOIN pope_books_charge line ON line.funding_id = funding.id
                 JOIN pope_books books ON books.id = line.books_id AND books.state = 'accepted'
        CROSS JOIN LATERAL (SELECT id, account_code, account_code AS code, account_name, balance
                              FROM pope_books_line WHERE id = line.line_id) account
                WHERE %(condition)s""",
            outside=self._is_outside(),
            condition=self._condition(),
        )

    def _is_outside(self):
        return SQL("COALESCE(line.date < funding.date_from OR line.date > funding.date_to, FALSE)")

    def _condition(self):
        """On an account of what is spent, between the days of the context when there are some."""
        days = [
            SQL("line.date %s %s", operator, day)
            for operator, day in (
                (SQL(">="), self.env.context.get("pope_expense_from")),
                (SQL("<="), self.env.context.get("pope_expense_to")),
            )
            if day
        ]
        return SQL(
            "CASE WHEN funding.nature = 'investment' THEN %s ELSE %s END AND %s",
            self._takes(INVESTED_ACCOUNTS),
            self._takes(SPENT_ACCOUNTS),
            SQL(" AND ").join(days or [SQL("TRUE")]),
        )

    def _takes(self, prefixes):
        """Whether a line of these accounts takes the code: its exclusions are longer than its beginnings."""
        taken, left = account_prefixes.parse(prefixes)
        return SQL(
            "(account.code LIKE ANY(%s) AND NOT account.code LIKE ANY(%s))",
            [f"{prefix}%" for prefix in taken],
            [f"{prefix}%" for prefix in left],
        )

    @api.private
    def _overcharged(self, funding_ids):
        """Journal items that files bear together for more than their amount, where one of these files is in it.

        :return: list of (id of the item, ids of the files)
        """
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                """WITH expense AS (%s)
                 SELECT item_id, ARRAY_AGG(DISTINCT funding_id) FROM expense
                  WHERE item_id IN (SELECT item_id FROM expense WHERE funding_id = ANY(%s))
               GROUP BY item_id, balance HAVING SUM(amount) * SIGN(balance) > ABS(balance) + 0.005
               ORDER BY item_id""",
                self._lines_query(),
                list(funding_ids),
            )
        )

    def action_open(self):
        """The shares of entries, or of lines of imported books, behind the figure."""
        self.ensure_one()
        if not self.account_id:
            return self.funding_id._open_charges(self.name, Domain("line_id.account_code", "=", self.code))
        return self.funding_id._open_analytic_lines(
            self.name,
            [("move_line_id.parent_state", "=", "posted"), ("general_account_id", "=", self.account_id.id)],
        )
