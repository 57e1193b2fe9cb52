from odoo import api, fields, models
from odoo.exceptions import ValidationError

SPENT = ("6", "2")  # charges and what was bought to last
GRANTED = ("74", "75")  # what the funder gave


class BooksCharge(models.Model):
    """A share of a line of books kept elsewhere that a funding pays."""

    _name = "pope.books.charge"
    _description = "Share of a Line Charged to a Funding"
    _order = "date, id"
    _rec_name = "funding_id"
    _check_company_auto = True

    line_id = fields.Many2one("pope.books.line", required=True, ondelete="cascade", index=True)
    books_id = fields.Many2one(related="line_id.books_id", store=True, index=True)
    company_id = fields.Many2one(related="line_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(related="line_id.date", store=True)
    label = fields.Char(related="line_id.label")
    partner_label = fields.Char(related="line_id.partner_label")
    piece = fields.Char(related="line_id.piece")
    balance = fields.Monetary(related="line_id.balance")
    funding_id = fields.Many2one(
        "pope.funding", string="Funding File", required=True, ondelete="cascade", index=True, check_company=True
    )
    share = fields.Float(required=True, default=1.0, aggregator=None)
    account_code = fields.Char(related="line_id.account_code", store=True)
    account_name = fields.Char(related="line_id.account_name", store=True)
    amount = fields.Monetary(compute="_compute_amount", store=True)

    _share_positive = models.Constraint("CHECK (share > 0 AND share <= 1)", "A share is between 0 and 100 %.")
    _once = models.UniqueIndex("(line_id, funding_id)", "This line is charged to this funding already.")

    @api.depends("line_id", "share")
    def _compute_amount(self):
        for charge in self:
            charge.amount = charge.currency_id.round(charge.line_id.balance * charge.share)

    @api.constrains("line_id", "share", "funding_id")
    def _check_lines(self):
        for charge in self:
            if charge.line_id.books_id.state != "accepted":
                raise ValidationError(self.env._("Only lines of accepted books are charged to a funding."))
            if not charge.line_id.account_code.startswith(SPENT + GRANTED):
                raise ValidationError(
                    self.env._(
                        "Account %(account)s is neither a charge nor a grant: only accounts of classes 6 and 2, 74 and "
                        "75 are charged to a funding.",
                        account=charge.line_id.account_code,
                    )
                )
            # sudo: whose project it is, not what it says
            funding = charge.funding_id.sudo()
            if funding.lead_id or funding.person_id:
                raise ValidationError(
                    self.env._(
                        "“%(name)s” is money of a holder's project: the pole's books do not pay it.", name=funding.name
                    )
                )
        over = self._read_group(
            [("line_id", "in", self.line_id.ids)], ["line_id"], ["share:sum"], having=[("share:sum", ">", 1.000001)]
        )
        for line, _share in over:
            raise ValidationError(
                self.env._(
                    "Line %(number)s, account %(account)s, is charged over 100 %%.",
                    number=line.number,
                    account=line.account_code,
                )
            )

    @api.model
    def _charge(self, lines, funding, share):
        """Charge a share of lines to a funding; those charged to it already take the new share."""
        charged = self.search([("line_id", "in", lines.ids), ("funding_id", "=", funding.id)])
        charged.share = share
        return charged + self.create(
            [{"line_id": line.id, "funding_id": funding.id, "share": share} for line in lines - charged.line_id]
        )

    @api.model
    def _hand_over(self, former, newer):
        """What was charged on lines of former books is charged on the same lines of the newer ones.

        :return: how many charges found no such line
        """
        self.env.flush_all()
        same = "md5(concat_ws('|', account_code, date, journal, entry, piece, label, debit, credit))"
        ranked = f"SELECT id, {same} AS words, row_number() OVER (PARTITION BY {same} ORDER BY number) AS rank"
        # one statement of the database: both years may be hundreds of thousands of lines
        self.env.cr.execute(
            f"""
            WITH former AS ({ranked} FROM pope_books_line WHERE books_id = %(former)s),
                 newer AS ({ranked} FROM pope_books_line WHERE books_id = %(newer)s)
            UPDATE pope_books_charge charge SET line_id = newer.id, books_id = %(newer)s
              FROM former JOIN newer USING (words, rank)
             WHERE charge.line_id = former.id
            """,
            {"former": former.id, "newer": newer.id},
        )
        self.env.invalidate_all()
        # sudo: all of them, whatever the person reads
        return self.sudo().search_count([("books_id", "=", former.id)])
