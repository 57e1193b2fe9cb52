from odoo.tools import SQL
from odoo.tools.sql import column_exists

TABLES = (
    "pope_authority_opinion",
    "pope_district_answer",
    "pope_followup",
    "pope_lead_requirement",
    "pope_premises",
    "pope_project_member",
)


def migrate(cr, version):
    """A line of a project is of its project's company: the column that said it again was kept up at each sales lead."""
    for table in TABLES:
        if column_exists(cr, table, "company_id"):
            cr.execute(SQL("ALTER TABLE %s DROP COLUMN company_id", SQL.identifier(table)))
