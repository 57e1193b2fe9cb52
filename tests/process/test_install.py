"""Installing on an Odoo in use, upgrading and removing change nothing that was there before."""

import hashlib
import json

from .helpers import Database

STOCK = """
env["res.config.settings"].create({"group_use_lead": True}).execute()
seller = env["res.users"].create(
    {
        "name": "Vendeuse",
        "login": "vendeuse",
        "password": "vendeuse",
        "group_ids": [(4, env.ref("sales_team.group_sale_salesman").id)],
    }
)
team = env["crm.team"].create({"name": "Ventes 93", "member_ids": [(4, seller.id)], "use_leads": True})
person = env["res.partner"].create({"name": "Awa Diallo", "email": "awa@example.org", "phone": "06 12 34 56 78"})
stage = env["crm.stage"].create({"name": "Devis", "sequence": 3})
for number in range(4):
    env["crm.lead"].create(
        {
            "name": f"Affaire {number}",
            "type": "opportunity" if number else "lead",
            "team_id": team.id,
            "user_id": seller.id,
            "partner_id": person.id,
            "stage_id": stage.id if number == 2 else False,
        }
    )
reason = env["crm.lost.reason"].search([], limit=1)
env["crm.lead"].search([("name", "=", "Affaire 3")]).action_set_lost(lost_reason_id=reason.id)
env["event.event"].create({"name": "Salon", "date_begin": "2027-01-10 09:00:00", "date_end": "2027-01-10 17:00:00"})
plan = env["account.analytic.plan"].create({"name": "Actions"})
action = env["account.analytic.account"].create({"name": "Action 12", "plan_id": plan.id})
kinds = {"606990": "expense", "467990": "asset_current"}
bought, other = env["account.account"].create(
    [{"name": code, "code": code, "account_type": kind} for code, kind in kinds.items()]
)
journal = env["account.journal"].create({"name": "Divers", "code": "DIV9", "type": "general"})
env["account.move"].create(
    {
        "journal_id": journal.id,
        "date": "2026-03-15",
        "line_ids": [
            (0, 0, {"account_id": bought.id, "balance": 100, "analytic_distribution": {str(action.id): 60}}),
            (0, 0, {"account_id": other.id, "balance": -100}),
        ],
    }
).action_post()
lead_model = env["ir.model"]._get_id("crm.lead")
env["mail.template"].create({"name": "Texte maison", "model_id": lead_model, "subject": "Bonjour"})
"""
TABLES = [
    "crm_lead",
    "crm_stage",
    "crm_team",
    "crm_team_member",
    "crm_lost_reason",
    "crm_lead_scoring_frequency",
    "res_partner",
    "res_users",
    "event_event",
    "event_type",
    "event_registration",
    "account_move",
    "account_move_line",
    "account_account",
    "account_journal",
    "account_analytic_plan",
    "account_analytic_account",
    "account_analytic_line",
    "mail_template",
    "mail_activity",
    "mail_activity_plan",
    "survey_survey",
]
# what a salesperson sees: counts by stage and by type, teams, access to stock records
SEEN = """
user = env["res.users"].search([("login", "=", "vendeuse")])
mine = env(user=user.id)
Lead = mine["crm.lead"]
columns = Lead.with_context(default_type="opportunity").formatted_read_group(
    [("type", "=", "opportunity")], ["stage_id"], ["__count"]
)
action = env.ref("crm.crm_lead_action_pipeline")
models = ("crm.lead", "crm.stage", "crm.team", "crm.lost.reason", "event.event", "account.move", "res.partner")
def rights(model):
    return [mine[model].has_access(operation) for operation in ("read", "write", "create", "unlink")]
print(
    json.dumps(
        {
            "columns": [[c["stage_id"] and c["stage_id"][0], c["__count"]] for c in columns],
            "leads": Lead.search_count([]),
            "lost": Lead.with_context(active_test=False).search_count([("active", "=", False)]),
            "reasons": mine["crm.lost.reason"].search([]).ids,
            "stages": Lead._read_group_stage_ids(mine["crm.stage"], []).ids,
            "events": env["event.event"].search_count([]),
            "probabilities": Lead.search([], order="id").mapped("probability"),
            "rights": {model: rights(model) for model in models},
            "team": mine["crm.team"]._get_default_team_id(user_id=user.id).id,
            "partner": mine["res.partner"].search([("email", "=", "awa@example.org")]).opportunity_count,
        }
    )
)
"""


def fingerprint(database, ids=None):
    """A digest of the stock columns of each business row, by table; of these rows only when ids are given."""
    digests, kept = {}, {}
    columns = _stock_columns()
    for table in TABLES:
        names = ", ".join(f'"{name}"' for name in columns[table])
        rows = database.query(f"SELECT id, md5(ROW({names})::text) FROM {table} ORDER BY id")
        kept[table] = [row_id for row_id, _digest in rows]
        wanted = set(ids[table]) if ids else set(kept[table])
        text = json.dumps([row for row in rows if row[0] in wanted])
        digests[table] = hashlib.sha256(text.encode()).hexdigest()
    return digests, kept


_columns = {}


def _stock_columns():
    if not _columns:
        base = Database("base")
        try:
            for table in TABLES:
                _columns[table] = [
                    name
                    for (name,) in base.query(
                        "SELECT column_name FROM information_schema.columns WHERE table_name = %s "
                        "AND column_name NOT IN ('write_date', 'write_uid') ORDER BY 1",
                        table,
                    )
                ]
        finally:
            base.drop()
    return _columns


def test_install_upgrade_and_uninstall_leave_stock_as_it_was(base_database):
    database = base_database
    database.script(STOCK)
    digests, ids = fingerprint(database)
    seen = database.script(SEEN)

    database.query("UPDATE ir_module_module SET demo = FALSE")  # an Odoo in use has no demo data
    database.odoo("-i", "pope_training", "--stop-after-init", "--no-http")
    after, _ids = fingerprint(database, ids)
    assert after == digests
    assert database.script(SEEN) == seen

    database.odoo("-u", "pope_crm", "--stop-after-init", "--no-http")
    after, _ids = fingerprint(database, ids)
    assert after == digests
    assert database.script(SEEN) == seen

    kept = database.script(
        """
        person = env["res.partner"].search([("email", "=", "awa@example.org")])
        project = env["crm.lead"].create(
            {"type": "project", "name": "MAM", "pope_member_ids": [(0, 0, {"partner_id": person.id})]}
        )
        project.message_post(body="Premier entretien")
        project.company_id.write({"pope_mail_from_hour": 0, "pope_mail_to_hour": 24})
        row = env["pope.notification"].search([("lead_id", "=", project.id), ("state", "=", "planned")])
        row._dispatch()
        lost = env["crm.lead"].create({"type": "project", "name": "Fini"})
        lost._pope_close(env.ref("pope_crm.lost_reason_training"))
        text = env.ref("pope_crm.mail_template_welcome").with_user(env.ref("base.user_admin"))
        text.subject = "Bienvenue chez nous"
        funding = env["pope.funding"].create({"partner_id": person.id, "state": "awarded"})
        spread = {str(funding.analytic_account_id.id): 100}
        bill = env["account.move"].search([("journal_id.code", "=", "DIV9")]).copy({"date": "2026-04-15"})
        bill.line_ids[0].analytic_distribution = spread
        bill.action_post()
        own = env["mail.template"].create(
            {"name": "Relance du financeur", "model_id": env["ir.model"]._get_id("pope.funding")}
        )
        survey = env.ref("pope_training.survey_end")
        answer = env["survey.user_input"]._pope_ask(
            [{"survey": survey, "partner": person, "company": project.company_id}]
        )
        print(
            json.dumps(
                {
                    "answer": [survey.id, answer.id],
                    "spent": [funding.analytic_account_id.id, bill.line_ids.analytic_line_ids.id],
                    "leads": (project | lost).ids,
                    "team": project.team_id.id,
                    "stage": project.stage_id.id,
                    "text": text.id,
                    "own_text": own.id,
                    "mail": row.mail_id.id,
                    "reason": lost.lost_reason_id.id,
                }
            )
        )
        """
    )
    done = database.script(
        """
        env["ir.module.module"].search([("name", "in", ("pope_crm", "pope_training"))]).button_immediate_uninstall()
        print(json.dumps(True))
        """
    )
    assert done
    assert not database.query("SELECT 1 FROM ir_module_module WHERE name LIKE 'pope_%' AND state = 'installed'")
    leads = database.query(
        "SELECT type, active, team_id, stage_id FROM crm_lead WHERE id = ANY(%s) ORDER BY id", kept["leads"]
    )
    assert leads == [("opportunity", False, kept["team"], kept["stage"])] * 2
    address = database.query(
        "SELECT m.model, a.alias_defaults FROM crm_team t JOIN mail_alias a ON a.id = t.alias_id "
        "JOIN ir_model m ON m.id = a.alias_model_id WHERE t.id = %s",
        kept["team"],
    )
    assert [model for model, _defaults in address] == ["crm.lead"], "its address makes opportunities again"
    assert "'type': 'opportunity'" in address[0][1]
    spent = database.script(
        """
        lines = env["account.analytic.line"].search([("amount", "=", -100)])
        column = lines._get_plan_fnames()[-1]
        print(json.dumps([lines[column].id, lines.id, lines[column].plan_id.all_account_count]))
        """
    )
    assert spent == [*kept["spent"], 1], "what was spent for a file stays in the analytic books"
    stages = database.query("SELECT count(*) FROM crm_stage s JOIN crm_stage_crm_team_rel r ON r.crm_stage_id = s.id")
    assert stages == [(1,)], "the unused stages went away"
    for text in ("text", "own_text"):
        assert database.query("SELECT active FROM mail_template WHERE id = %s", kept[text]) == [(False,)], text
    assert database.query("SELECT 1 FROM crm_lost_reason WHERE id = %s", kept["reason"])
    survey, answer = kept["answer"]
    answers = (
        "SELECT s.id, s.survey_type FROM survey_user_input i JOIN survey_survey s ON s.id = i.survey_id WHERE i.id = %s"
    )
    assert database.query(answers, answer) == [(survey, "custom")], "a survey that was asked stays, as Odoo's own"
    assert database.query("SELECT count(*) > 5 FROM survey_question WHERE survey_id = %s", survey) == [(True,)]
    assert database.query("SELECT 1 FROM mail_message WHERE body LIKE '%Premier entretien%'")
    assert not database.query("SELECT 1 FROM mail_mail WHERE id = %s", kept["mail"]), "what was queued does not leave"
    assert not database.query("SELECT model, name FROM ir_model_data WHERE module IN ('pope_crm', 'pope_training')")
    assert not database.query("SELECT 1 FROM information_schema.columns WHERE column_name LIKE 'pope\\_%'")

    after, _ids = fingerprint(database, ids)
    assert after == digests
    seen_after = database.script(SEEN)
    assert seen_after == seen


def test_removing_pope_training_alone_touches_no_project(database):
    told = (
        "SELECT id, md5(ROW(name, type, stage_id, active, team_id)::text) FROM crm_lead WHERE id = ANY(%s) ORDER BY id"
    )
    ids = [
        row[0]
        for row in database.query(
            "SELECT id FROM crm_lead WHERE type <> 'path' AND id NOT IN "
            "(SELECT res_id FROM ir_model_data WHERE module = 'pope_training' AND model = 'crm.lead')"
        )
    ]
    before = database.query(told, ids)
    paths = database.query("SELECT id, team_id FROM crm_lead WHERE type = 'path' ORDER BY id")
    assert before and paths
    members = database.query("SELECT id FROM pope_project_member WHERE lead_id = ANY(%s)", ids)
    events_query = (
        "SELECT id, name FROM event_event "
        "WHERE id NOT IN (SELECT res_id FROM ir_model_data WHERE module = 'pope_training' AND model = 'event.event')"
        "ORDER BY id"
    )
    events = database.query(events_query)
    database.script(
        """
        env["ir.module.module"].search([("name", "=", "pope_training")]).button_immediate_uninstall()
        print(json.dumps(True))
        """
    )
    assert database.query(told, ids) == before
    ended = "SELECT id, team_id FROM crm_lead WHERE id = ANY(%s) AND type = 'opportunity' AND NOT active ORDER BY id"
    kept = database.query(ended, [path for path, _team in paths])
    assert kept == paths, "a career path becomes an archived opportunity of its team"
    assert database.query("SELECT id FROM pope_project_member WHERE lead_id = ANY(%s)", ids) == members
    assert database.query(events_query) == events
    assert database.query("SELECT state FROM ir_module_module WHERE name = 'pope_crm'") == [("installed",)]
