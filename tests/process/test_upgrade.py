"""An upgrade from an earlier version keeps what people entered and leaves no column behind."""

FIRST = """
UPDATE ir_module_module SET latest_version = '19.0.1.0.0' WHERE name IN ('pope_crm', 'pope_training')
"""
# the contract as it was, with a sentence of the team
FORMER_TEXT = """
UPDATE pope_training_document_kind
   SET body = replace(replace(replace(body, '<div>{{payment_schedule}}</div>', ''), '{{mediator}}', '-'),
                      '<p>{{payment_terms}}</p>', '<p>Notre texte</p><p>{{payment_terms}}</p>')
 WHERE code = 'contract'
"""
LINES = ("pope_authority_opinion", "pope_followup", "pope_lead_requirement", "pope_premises", "pope_project_member")
TABLES = (*LINES, "pope_district_answer")

# before the surveys and the placement told the board of quality
QUALITY = """
UPDATE survey_question_answer SET pope_is_job = NULL;
UPDATE pope_quality_evidence_rule SET "check" = 'attached', months = 12, asks_use = TRUE WHERE "check" = 'placement';
"""


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
    database.query(QUALITY)
    before = database.query("SELECT id, lead_id, company_id FROM pope_project_member ORDER BY id")
    assert any(company for _id, _lead, company in before)
    database.query("ALTER TABLE pope_district_answer ADD COLUMN company_id INTEGER REFERENCES res_company")
    assert columns(database) == set(TABLES)
    fundings = database.query(FUNDINGS)
    assert any(line for *_said, line, _move in fundings), "one award at least is in the books"
    database.query("DELETE FROM pope_summary_line_funder_rel")
    database.query("UPDATE pope_summary_line SET funder_prefixes = NULL, cash_kind = NULL")
    database.query(FORMER_TEXT)

    database.odoo("-u", "pope_crm,pope_training", "--stop-after-init", "--no-http", "--log-level=warn")

    assert columns(database) == set()
    assert database.query("SELECT count(*) FROM survey_question_answer WHERE pope_is_job") == [(3,)]
    rules = "SELECT months, asks_use FROM pope_quality_evidence_rule WHERE \"check\" = 'placement'"
    assert database.query(rules) == [(0, False)]
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
    rows = dict(database.query("SELECT code, cash_kind FROM pope_summary_line WHERE cash_kind IS NOT NULL"))
    assert (rows["p74"], rows["c61_loc"], rows["c61"], rows["n_deposit"]) == ("grant", "rent", "purchase", "rent")
    assert "c68" not in rows
    [[text]] = database.query("SELECT body FROM pope_training_document_kind WHERE code = 'contract'")
    assert "<p>Notre texte</p><p>{{payment_terms}}</p><div>{{payment_schedule}}</div>" in text
    assert text.count("{{mediator}}") == 1


BUDGETS = """
SELECT budget.id, budget.name, budget.funding_id, budget.company_id, budget.total_expense, budget.total_income, line.id,
       line.line_id, line.amount, line.note
  FROM pope_budget budget JOIN pope_budget_line line ON line.budget_id = budget.id
 WHERE budget.funding_id IS NOT NULL ORDER BY budget.id, line.id
"""


def test_upgrade_gives_budgets_their_kind(database):
    database.query("UPDATE ir_module_module SET latest_version = '19.0.1.1.0' WHERE name = 'pope_crm'")
    database.query("DELETE FROM pope_budget WHERE kind <> 'funding'")
    database.query("DELETE FROM pope_summary_line WHERE section IN ('need', 'resource')")
    database.query(
        "ALTER TABLE pope_budget DROP COLUMN kind, DROP COLUMN lead_id, DROP COLUMN version, DROP COLUMN state"
    )
    database.query("ALTER TABLE pope_budget DROP COLUMN date_from, DROP COLUMN date_to, DROP COLUMN date_voted")
    database.query("ALTER TABLE pope_budget_line DROP COLUMN amount_1, DROP COLUMN amount_2, DROP COLUMN amount_3")
    database.query("ALTER TABLE pope_budget_line DROP COLUMN is_monthly, DROP COLUMN parent_id")
    database.query("ALTER TABLE pope_summary_line DROP COLUMN is_monthly")
    database.query("ALTER TABLE pope_budget ALTER COLUMN funding_id SET NOT NULL")
    before = database.query(BUDGETS)
    assert before

    database.odoo("-u", "pope_crm", "--stop-after-init", "--no-http", "--log-level=warn")

    assert database.query(BUDGETS) == before
    told = "SELECT DISTINCT kind, state, version FROM pope_budget WHERE id = ANY(%s)"
    assert database.query(told, [row[0] for row in before]) == [("funding", "draft", 1)]
    monthly = """
    SELECT DISTINCT form.code FROM pope_budget_line line JOIN pope_summary_line form ON form.id = line.line_id
     WHERE line.is_monthly AND form.code LIKE 'c64_%%'
    """
    assert {code for (code,) in database.query(monthly)} == {"c64_rem", "c64_soc"}
    columns = "SELECT is_nullable FROM information_schema.columns WHERE table_name = 'pope_budget' AND column_name = %s"
    assert [database.query(columns, name) for name in ("kind", "funding_id", "version")] == [
        [("NO",)],
        [("YES",)],
        [("YES",)],
    ]
    assert database.query("SELECT count(*) FROM pope_summary_line WHERE section = 'need'")[0][0] > 5
