"""An upgrade from an earlier version keeps what people entered and leaves no column behind."""

FIRST = """
UPDATE ir_module_module SET latest_version = '19.0.1.0.0' WHERE name IN ('pope_crm', 'pope_training')
"""
LINES = ("pope_authority_opinion", "pope_followup", "pope_lead_requirement", "pope_premises", "pope_project_member")
TABLES = (*LINES, "pope_district_answer")


# what people wrote, and what the books say of it
FUNDINGS = """
SELECT funding.id, funding.name, funding.state, funding.amount_awarded, funding.amount_received, funding.amount_left,
       funding.analytic_account_id, instalment.id, instalment.amount, instalment.amount_received,
       instalment.move_line_id, award.move_id
  FROM pope_funding funding
  LEFT JOIN pope_funding_instalment instalment ON instalment.funding_id = funding.id
  LEFT JOIN pope_funding_account_move_rel award ON award.funding_id = funding.id
 ORDER BY funding.id, instalment.id, award.move_id
"""


def columns(database):
    found = database.query(
        "SELECT table_name FROM information_schema.columns WHERE column_name = 'company_id' AND table_name = ANY(%s)",
        list(TABLES),
    )
    return {table for (table,) in found}


def test_upgrade_from_the_first_version_keeps_the_lines_of_projects(database):
    database.query(FIRST)
    for table in LINES:
        database.query(f"ALTER TABLE {table} ADD COLUMN company_id INTEGER REFERENCES res_company")
        database.query(
            f"UPDATE {table} SET company_id = lead.company_id FROM crm_lead lead WHERE lead.id = {table}.lead_id"
        )
    before = database.query("SELECT id, lead_id, company_id FROM pope_project_member ORDER BY id")
    assert any(company for _id, _lead, company in before)
    database.query("ALTER TABLE pope_district_answer ADD COLUMN company_id INTEGER REFERENCES res_company")
    assert columns(database) == set(TABLES)
    fundings = database.query(FUNDINGS)
    assert any(line for *_said, line, _move in fundings), "one award at least is in the books"
    database.query("DELETE FROM pope_summary_line_funder_rel")
    database.query("UPDATE pope_summary_line SET funder_prefixes = NULL")

    database.odoo("-u", "pope_crm,pope_training", "--stop-after-init", "--no-http", "--log-level=warn")

    assert columns(database) == set()
    after = database.script(
        """
        members = env["pope.project.member"].with_context(active_test=False).search([], order="id")
        print(json.dumps([[member.id, member.lead_id.id, member.company_id.id or None] for member in members]))
        """
    )
    assert [tuple(row) for row in after] == before
    assert database.query(FUNDINGS) == fundings
    told = database.query(
        "SELECT line.code, line.funder_prefixes, count(*) FROM pope_summary_line line "
        "JOIN pope_summary_line_funder_rel told ON told.line_id = line.id GROUP BY line.id"
    )
    assert {code for code, _prefixes, _count in told} >= {"p74_etat", "p74_commune", "p74_etabpub", "p74_prive"}
    assert ("p74_prive", "754 755", 3) in told
