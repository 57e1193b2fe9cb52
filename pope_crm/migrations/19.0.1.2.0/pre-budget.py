from odoo.tools import SQL
from odoo.tools.sql import column_exists, create_column

MONTHLY = ("c61_loc", "c61_ass", "c63_rem", "c64_rem", "c64_soc", "c64_autres")


def migrate(cr, version):
    """A budget is of one kind among several: those that are there are of the action of a funding file. The lines that
    are spread by month are told on the form before those of the budgets are computed from them."""
    if not column_exists(cr, "pope_budget", "kind"):
        create_column(cr, "pope_budget", "kind", "varchar")
        cr.execute(SQL("UPDATE pope_budget SET kind = 'funding'"))
        cr.execute(SQL("ALTER TABLE pope_budget ALTER COLUMN funding_id DROP NOT NULL"))
    if not column_exists(cr, "pope_summary_line", "is_monthly"):
        create_column(cr, "pope_summary_line", "is_monthly", "bool")
        cr.execute(SQL("UPDATE pope_summary_line SET is_monthly = code = ANY(%s)", list(MONTHLY)))
