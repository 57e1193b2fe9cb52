"""The CAF workbook as one would write it by hand, SQL and xlsxwriter, timed beside ours; nothing else uses it."""

import io

import raw_figures
import xlsxwriter
from openpyxl import load_workbook

BALANCES = """
SELECT account.code_store ->> %(root)s, date_trunc('month', item.date)::date, account.name, SUM(item.balance)
  FROM account_move_line item
  JOIN account_account account ON account.id = item.account_id
 WHERE item.company_id = %(company)s AND item.parent_state = 'posted' AND item.date BETWEEN %(start)s AND %(end)s
 GROUP BY account.id, 2
"""
CHARGED = """
SELECT funding.id, role.code, account.code_store ->> %(root)s, SUM(-line.amount)
  FROM pope_funding funding
  JOIN account_analytic_line line ON line.{column} = funding.analytic_account_id
  JOIN account_move_line item ON item.id = line.move_line_id AND item.parent_state = 'posted'
  JOIN account_account account ON account.id = line.general_account_id
  LEFT JOIN pope_partner_role_res_partner_rel has ON has.res_partner_id = funding.partner_id
  LEFT JOIN pope_partner_role role ON role.id = has.pope_partner_role_id AND role.kind = 'funder'
 WHERE line.company_id = %(company)s AND line.date BETWEEN %(start)s AND %(end)s
 GROUP BY funding.id, role.code, 3
"""
OTHERS = (
    "SELECT code, prefixes, parent_id, kind, section, sequence, name FROM pope_summary_line WHERE active",
    "SELECT id, date_from, date_to, status FROM pope_books WHERE company_id = %(company)s AND state = 'accepted'",
    "SELECT line.code, SUM(planned.amount) FROM pope_budget budget JOIN pope_budget_line planned "
    "ON planned.budget_id = budget.id JOIN pope_summary_line line ON line.id = planned.line_id "
    "WHERE budget.kind = 'year' AND budget.company_id = %(company)s GROUP BY line.code",
    "SELECT count(*) FROM account_move WHERE company_id = %(company)s AND state = 'draft' "
    "AND date BETWEEN %(start)s AND %(end)s",
    "SELECT partner.name, funding.name, amount_asked, amount_awarded, amount_received, amount_left FROM pope_funding "
    "funding JOIN res_partner partner ON partner.id = funding.partner_id WHERE funding.company_id = %(company)s "
    "AND makes_entry AND state IN ('filed', 'in_review', 'awarded', 'refused', 'closed')",
    "SELECT SUM(hours) FROM pope_volunteer_time WHERE company_id = %(company)s AND year = %(year)s",
    "SELECT stage_id, count(*) FROM crm_lead WHERE type = 'project' AND active AND company_id = %(company)s GROUP BY 1",
    "SELECT count(DISTINCT member.partner_id) FROM pope_project_member member "
    "JOIN crm_lead lead ON lead.id = member.lead_id WHERE lead.company_id = %(company)s",
)

SHEET = """
SELECT account.code_store ->> %(root)s, SUM(item.balance) FILTER (WHERE item.date >= %(start)s),
       SUM(item.balance) FILTER (WHERE item.date < %(start)s)
  FROM account_move_line item
  JOIN account_account account ON account.id = item.account_id
 WHERE item.company_id = %(company)s AND item.parent_state = 'posted' AND item.date <= %(end)s
 GROUP BY account.id
"""
CASH = """
WITH cash AS (SELECT id FROM account_account WHERE code_store ->> %(root)s LIKE '5%%'
                                               AND code_store ->> %(root)s NOT LIKE '519%%')
SELECT account.code_store ->> %(root)s, item.partner_id, date_trunc('month', item.date)::date, SUM(item.balance)
  FROM account_move_line item
  JOIN account_account account ON account.id = item.account_id
 WHERE item.company_id = %(company)s AND item.parent_state = 'posted' AND item.date BETWEEN %(since)s AND %(end)s
   AND item.account_id NOT IN (SELECT id FROM cash)
   AND item.move_id IN (SELECT move_id FROM account_move_line WHERE account_id IN (SELECT id FROM cash))
 GROUP BY account.id, 2, 3
"""
HELD = """
SELECT SUM(item.balance), MAX(item.date)
  FROM account_move_line item
  JOIN account_account account ON account.id = item.account_id
 WHERE item.company_id = %(company)s AND item.parent_state = 'posted' AND item.date <= CURRENT_DATE
   AND account.code_store ->> %(root)s LIKE '5%%'
"""
FOLLOWED = (
    "SELECT * FROM pope_loan WHERE company_id = %(company)s",
    "SELECT * FROM pope_loan_line WHERE company_id = %(company)s",
    "SELECT funding.*, instalment.* FROM pope_funding funding JOIN pope_funding_instalment instalment "
    "ON instalment.funding_id = funding.id WHERE funding.company_id = %(company)s AND funding.state = 'awarded'",
    "SELECT date, amount FROM pope_cash_forecast WHERE company_id = %(company)s",
    "SELECT invoice_date_due, amount_residual_signed FROM account_move WHERE company_id = %(company)s "
    "AND state = 'posted' AND payment_state IN ('not_paid', 'partial') AND move_type != 'entry'",
)


def cells(content):
    """What a workbook holds, sheet by sheet: (row, column, value, stored value, format)."""
    formulas, values = (load_workbook(io.BytesIO(content), data_only=only) for only in (False, True))
    return [(sheet.title, list(held(sheet, values[sheet.title]))) for sheet in formulas]


def held(sheet, values):
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value is not None:
                looks = (cell.number_format, cell.font.b, cell.alignment.wrap_text)
                yield cell.row - 1, cell.column - 1, cell.value, values[cell.coordinate].value, looks


def write(sheets):
    """The same cells, as plainly as xlsxwriter does it."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    formats = {}
    for name, held_cells in sheets:
        sheet = book.add_worksheet(name)
        sheet.set_landscape()
        for row, column, value, stored, (number, bold, wrap) in held_cells:
            key = (number, bold, wrap)
            if key not in formats:
                formats[key] = book.add_format({"num_format": number, "bold": bool(bold), "text_wrap": bool(wrap)})
            if isinstance(value, str) and value.startswith("="):
                sheet.write_formula(row, column, value, formats[key], stored)
            elif isinstance(value, str):
                sheet.write_string(row, column, value, formats[key])
            elif isinstance(value, int | float):
                sheet.write_number(row, column, value, formats[key])
            else:
                sheet.write_datetime(row, column, value, formats[key])
    book.close()
    return stream.getvalue()


def read(cr, company, root, column, year, diagnosis):
    """Everything that the workbook says, as rows.

    :return: charges of the year
    """
    charges = 0.0
    for of_year in (year, year - 1):
        values = {"company": company, "root": str(root), "start": f"{of_year}-01-01", "end": f"{of_year}-12-31"}
        cr.execute(BALANCES, values)
        rows = cr.fetchall()
        cr.execute(CHARGED.format(column=column), values)
        cr.fetchall()
        if of_year == year:
            charges = sum(balance for code, _month, _name, balance in rows if code and code.startswith("6"))
            for query in OTHERS:
                cr.execute(query, {**values, "year": year})
                cr.fetchall()
    raw_figures.read(cr, company, year, diagnosis)
    return float(charges)


def read_follow_up(cr, company, root, column, year):
    """Everything that the follow-up of France Active says, as rows.

    :return: charges of the year
    """
    charges = 0.0
    for of_year in (year, year - 1):
        values = {"company": company, "root": str(root), "start": f"{of_year}-01-01", "end": f"{of_year}-12-31"}
        cr.execute(BALANCES, values)
        rows = cr.fetchall()
        cr.execute(CHARGED.format(column=column), values)
        cr.fetchall()
        if of_year == year:
            charges = sum(balance for code, _month, _name, balance in rows if code and code.startswith("6"))
            values |= {"year": year, "since": f"{year}-10-01"}
            # the balance sheet, a month's charges, and the cash plan
            for query in (SHEET, BALANCES, HELD, CASH, *OTHERS[:4], *FOLLOWED):
                cr.execute(query, values)
                cr.fetchall()
    return float(charges)
