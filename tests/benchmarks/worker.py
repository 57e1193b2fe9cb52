"""A process on one database that measures an operation whenever it is told to.

Reads one line of JSON at a time (the operation's name and its arguments) and answers with one: queries, seconds, CPU
seconds and whatever the operation counts. What it did is rolled back,
unless it prepared the records of the next ones.
"""

import base64
import contextlib
import csv
import gc
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import tracemalloc
import zipfile
from datetime import date, datetime, timedelta

import raw_figures as raw_sql
import raw_paths
import raw_return_sql
import raw_summary
from lxml import etree

from odoo import Command, fields
from odoo.api import Environment
from odoo.orm.registry import Registry
from odoo.tools import config

from odoo.addons.base.models.ir_actions_report import _wkhtml

OPERATIONS = {}


def operation(function):
    OPERATIONS[function.__name__] = function
    return function


class Meter:
    """Queries, seconds and CPU seconds between start and stop."""

    def __init__(self, env):
        self.env = env
        self.queries = self.cpu = self.seconds = self.began = 0

    def start(self):
        for _ in range(2):  # what the preparation left to do may leave something to do in its turn
            self.env.flush_all()
            self.env.cr.precommit.run()
        self.env.invalidate_all()
        gc.collect()
        gc.disable()  # a collection falls on whichever side happens to be running
        self.queries, self.cpu, self.seconds = self.env.cr.sql_log_count, time.process_time(), time.perf_counter()
        self.began = self.seconds

    def stop(self):
        self.env.cr.precommit.run()
        self.env.flush_all()
        self.cpu, self.seconds = time.process_time() - self.cpu, time.perf_counter() - self.seconds
        self.queries = self.env.cr.sql_log_count - self.queries
        gc.enable()


def people(env, count):
    return env["res.partner"].create(
        [{"name": f"Personne {n}", "email": f"personne.{n}@bench.example.org"} for n in range(count)]
    )


def projects(env, count, holders=1):
    contacts = people(env, count * holders)
    return (
        env["crm.lead"]
        .with_context(pope_no_mail="imported")
        .create(
            [
                {
                    "type": "project",
                    "name": f"Projet {n}",
                    "user_id": env.ref("base.user_admin").id,
                    "pope_member_ids": [
                        Command.create({"partner_id": contact.id})
                        for contact in contacts[n * holders : (n + 1) * holders]
                    ],
                }
                for n in range(count)
            ]
        )
        .with_context(pope_no_mail=False)
    )


@operation
def move_projects(env, meter, count, holders=1):
    """Projects moved to a stage with one rule, until the mails are in the queue."""
    env.company.write({"pope_mail_from_hour": 0, "pope_mail_to_hour": 24, "pope_mail_grace": 0})
    env["pope.notification"].search([("state", "in", ("planned", "to_approve"))])._cancel()
    moved = projects(env, count, holders)
    stage = env.ref("pope_crm.stage_meeting")
    Notification = env["pope.notification"]
    meter.start()
    moved.write({"stage_id": stage.id})
    env.cr.precommit.run()
    env.flush_all()
    while due := Notification.search(Notification._due_domain(), limit=100, order="date_planned, id"):
        due.try_lock_for_update()._dispatch()
    meter.stop()
    rows = Notification.search([("lead_id", "in", moved.ids), ("state", "=", "queued")])
    assert len(rows) == count * holders, (len(rows), count * holders)
    return {"mails": len(rows)}


@operation
def move_applicants(env, meter, count):
    """Odoo's own: applicants moved to a stage whose template is mailed, until the mails are in the queue."""
    template = env.ref("hr_recruitment.email_template_data_applicant_congratulations")
    job = env["hr.job"].create({"name": "Bench"})
    first, second = env["hr.recruitment.stage"].create([{"name": "Un"}, {"name": "Deux", "template_id": template.id}])
    applicants = env["hr.applicant"].create(
        [
            {
                "partner_name": contact.name,
                "partner_id": contact.id,
                "email_from": contact.email,
                "job_id": job.id,
                "stage_id": first.id,
            }
            for contact in people(env, count)
        ]
    )
    meter.start()
    applicants.write({"stage_id": second.id})
    meter.stop()
    mails = env["mail.mail"].search([("model", "=", "hr.applicant"), ("res_id", "in", applicants.ids)])
    return {"mails": len(mails)}


def sales(env):
    return env["crm.team"].create({"name": "Ventes", "use_opportunities": True, "company_id": env.company.id})


@operation
def create_leads(env, meter, count):
    team = sales(env)
    contacts = people(env, count)
    meter.start()
    env["crm.lead"].create(
        [
            {"name": f"Affaire {n}", "type": "opportunity", "team_id": team.id, "partner_id": contact.id}
            for n, contact in enumerate(contacts)
        ]
    )
    meter.stop()


@operation
def move_leads(env, meter, count):
    team = sales(env)
    leads = env["crm.lead"].create(
        [{"name": f"Affaire {n}", "type": "opportunity", "team_id": team.id} for n in range(count)]
    )
    stage = env.ref("crm.stage_lead2")
    meter.start()
    leads.write({"stage_id": stage.id})
    meter.stop()


def board_fields(env, xmlid):
    arch = env["ir.ui.view"].browse(env.ref(xmlid).id).get_combined_arch()
    names = {node.get("name") for node in etree.fromstring(arch).iter("field")}
    many2one = {"fields": {"display_name": {}}}
    Lead = env["crm.lead"]
    return {name: many2one if Lead._fields[name].type == "many2one" else {} for name in names if name in Lead._fields}


def open_board(env, action, xmlid, domain, context):
    """What the client asks for when a board is opened: its views, its columns with their first cards, their bars."""
    Lead = env["crm.lead"].with_context(**context)
    views = [
        (env.ref(xmlid).id, "kanban"),
        (False, "list"),
        (False, "form"),
        (env.ref(action).search_view_id.id, "search"),
    ]
    Lead.get_views(views, {"toolbar": True, "load_filters": True, "action_id": env.ref(action).id})
    Lead.web_read_group(
        domain,
        ["stage_id"],
        ["__count"],
        auto_unfold=True,
        unfold_read_specification=board_fields(env, xmlid),
        unfold_read_default_limit=80,
    )
    colors = {"planned": "success", "today": "warning", "overdue": "danger"}
    Lead.read_progress_bar(domain, "stage_id", {"field": "activity_state", "colors": colors})


@operation
def prepare_stock_board(env, meter, count):
    team = sales(env)
    env["crm.lead"].with_context(tracking_disable=True).create(
        [{"name": f"Affaire {n}", "type": "opportunity", "team_id": team.id} for n in range(count)]
    )


@operation
def stock_board(env, meter, count):
    meter.start()
    for _ in range(5):  # one opening is too short to be compared
        env.invalidate_all()
        open_board(
            env,
            "crm.crm_lead_action_pipeline",
            "crm.crm_case_kanban_view_leads",
            [("type", "=", "opportunity")],
            {"default_type": "opportunity"},
        )
    meter.stop()


@operation
def our_board(env, meter, count):
    env["crm.lead"].search([("type", "=", "project")])._pope_become_stock()
    made = projects(env, count)
    stages = env["crm.stage"].search([("pope_is_own", "=", True), ("is_won", "=", False)])
    for n, stage in enumerate(stages):
        lot = made[n :: len(stages)]
        env.flush_all()
        env.cr.execute("UPDATE crm_lead SET stage_id = %s WHERE id = ANY(%s)", (stage.id, lot.ids))
    env.invalidate_all()
    late = fields.Datetime.now() - timedelta(days=200)
    env.cr.execute("UPDATE crm_lead SET date_last_stage_update = %s WHERE id = ANY(%s)", (late, made.ids))
    meter.start()
    open_board(
        env,
        "pope_crm.crm_lead_action_project",
        "pope_crm.crm_lead_view_kanban_project",
        [("type", "=", "project")],
        {"default_type": "project"},
    )
    meter.stop()


TOWNS = ["Bondy", "St Denis", "93300 Aubervilliers", "MONTREUIL", "Pantin"]
INSEE = ["93010", "93066", "93001", "93048", "93055"]
STAGES = ["Premier contact", "2 - Diagnostic", ""]
CLEAN_STAGES = ["stage_contact", "stage_diagnosis", "stage_contact"]


def table(rows, separator=",", encoding="utf-8"):
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator).writerows(rows)
    return out.getvalue().encode(encoding)


def holder(n, number):
    return f"Awa{n}", f"DIALLO-{number}", f"awa{n}.{number}@bench.example.org", f"06 {n // 10000:02} {n % 10000:06}"


def our_import(env, meter, kind, rows):
    """The file, what each row would do, then the import, in the lots of the cron."""
    Import = env(user=env.ref("base.user_admin"))["pope.import"]
    meter.start()
    record = Import.create(
        {"kind": kind, "file": base64.b64encode(table(rows, ";", "cp1252")), "file_name": "suivi.csv"}
    )
    record.action_check()
    env["pope.import"]._cron_run()
    checked = time.perf_counter()
    record.action_import()
    env["pope.import"]._cron_run()
    meter.stop()
    assert record.created_count == len(rows) - 1, record.summary
    return {"import_seconds": meter.seconds - (checked - meter.began)}


def stock_import(env, meter, files):
    """Odoo's own import of some files, one after another, without the trial that its screen proposes."""
    env = env(user=env.ref("base.user_admin"))
    meter.start()
    for model, rows in files:
        wizard = env["base_import.import"].create(
            {"res_model": model, "file": table(rows), "file_name": "f.csv", "file_type": "text/csv"}
        )
        options = {"quoting": '"', "separator": ",", "has_headers": True, "encoding": "utf-8"}
        options |= {"date_format": "%Y-%m-%d", "datetime_format": "%Y-%m-%d %H:%M:%S"}
        result = wizard.execute_import(list(rows[0]), list(rows[0]), options)
        assert not result["messages"], result["messages"][0]
    meter.stop()


@operation
def import_projects(env, meter, count):
    """A file as people keep it, one project a row with its two holders."""
    head = ["Projet", "Type", "Ville", "Étape", "1er contact", "Places prévues"]
    head += [f"Porteuse {number} - {name}" for number in (1, 2) for name in ("prénom", "nom", "mail", "tél")]
    rows = [
        [
            f"MAM {n}",
            "mam",
            TOWNS[n % 5],
            STAGES[n % 3],
            f"{n % 28 + 1} mars 2024",
            n % 12,
            *holder(n, 1),
            *holder(n, 2),
        ]
        for n in range(count)
    ]
    return our_import(env, meter, "projects", [head, *rows])


@operation
def base_import_projects(env, meter, count):
    """The same persons, projects and holders, each model in its clean file."""
    env = env(context={**env.context, "pope_no_mail": "imported", "mail_auto_subscribe_no_notify": True})
    people = [["id", "name", "pope_first_name", "pope_last_name", "email", "phone", "lang"]]
    projects = [["id", "type", "name", "team_id/id", "stage_id/id", "pope_structure_type_id/id", "pope_town_id/id"]]
    projects[0] += ["pope_places_planned", "user_id/id", "partner_id/id"]
    members = [["lead_id/id", "partner_id/id", "date_entry"]]
    for n in range(count):
        for number in (1, 2):
            first, last, email, phone = holder(n, number)
            people.append([f"bench.p{n}_{number}", f"{first} {last}", first, last, email, phone, "fr_FR"])
        stage = f"pope_crm.{CLEAN_STAGES[n % 3]}"
        projects.append([f"bench.l{n}", "project", f"MAM {n}", "pope_crm.team_incubator", stage])
        projects[-1] += ["pope_crm.structure_type_mam", f"pope_crm.town_{INSEE[n % 5]}", n % 12, "base.user_admin"]
        projects[-1].append(f"bench.p{n}_1")
        members.append([f"bench.l{n}", f"bench.p{n}_2", f"2024-03-{n % 28 + 1:02}"])
    files = [("res.partner", people), ("crm.lead", projects), ("pope.project.member", members)]
    return stock_import(env, meter, files)


@operation
def import_contacts(env, meter, count):
    """Persons, five of each organisation."""
    head = ["Prénom", "Nom", "Mail", "Tél", "Structure", "Rôle"]
    return our_import(
        env, meter, "contacts", [head, *([*holder(n, 1), f"Structure {n // 5}", "PMI"] for n in range(count))]
    )


@operation
def base_import_contacts(env, meter, count):
    organisations = [["id", "name", "is_company", "lang"]]
    organisations += [[f"bench.o{n}", f"Structure {n}", "1", "fr_FR"] for n in range(count // 5)]
    people = [["id", "name", "pope_first_name", "pope_last_name", "email", "phone", "lang", "parent_id/id"]]
    people[0].append("pope_role_ids/id")
    for n in range(count):
        first, last, email, phone = holder(n, 1)
        people.append([f"bench.p{n}", f"{first} {last}", first, last, email, phone, "fr_FR", f"bench.o{n // 5}"])
        people[-1].append("pope_crm.role_pmi")
    return stock_import(env, meter, [("res.partner", organisations), ("res.partner", people)])


def entries_file(count):
    """A year of entries of two lines, as an accounting software writes it."""
    head = "JournalCode|JournalLib|EcritureNum|EcritureDate|CompteNum|CompteLib|CompAuxNum|CompAuxLib|PieceRef"
    head += "|PieceDate|EcritureLib|Debit|Credit|EcritureLet|DateLet|ValidDate|Montantdevise|Idevise"
    rows = [head]
    for n in range(count):
        day = f"2019{n // 2 * 24 // count % 12 + 1:02}{n // 2 % 28 + 1:02}"
        account, sides = ("512000", "|123,45") if n % 2 else (f"6{n // 2 % 90 + 10}100", "123,45|")
        rows.append(
            f"BQ|Banque|{n // 2 + 1}|{day}|{account}|Compte {account}|||P{n // 2}|{day}|Écriture {n // 2} du pôle"
            f"|{sides}|||{day}||"
        )
    return "\r\n".join(rows).encode("cp1252")


def new_books(env, data):
    env["pope.books"].search([("state", "=", "accepted")]).action_refuse()
    return env["pope.books"].create(
        {
            "file": base64.b64encode(data),
            "file_name": "fec.txt",
            "date_from": "2019-01-01",
            "date_to": "2019-12-31",
        }
    )


@operation
def our_books(env, meter, count):
    """Checked by the cron in its lots, then accepted."""
    books = new_books(env, entries_file(count))
    told = []
    commit = type(books)._commit_lot
    type(books)._commit_lot = lambda record, done: told.append(record.progress) or commit(record, done)
    meter.start()
    books.action_check()
    env["pope.books"]._cron_check()
    books.action_accept()
    meter.stop()
    type(books)._commit_lot = commit
    assert (books.line_count, books.problem_count, books.state) == (count, 0, "accepted"), books.report
    assert told == sorted(told)
    return {"told": len(told)}


@operation
def raw_books(env, meter, count):
    """The same parse, then COPY by psycopg2 into the same table."""
    from odoo.addons.pope_crm.core.fec import Fec

    data = entries_file(count)
    books = new_books(env, data)
    meter.start()
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for line in Fec(data, date(2019, 1, 1), date(2019, 12, 31)):
        debit, credit = line.debit / 100, line.credit / 100
        writer.writerow((books.id, env.company.id, *line[:-3], debit, credit, debit - credit, line.letter))
    out.seek(0)
    columns = "books_id, company_id, number, journal, entry, date, account_code, account_name, partner_label, piece,"
    columns += " label, debit, credit, balance, letter"
    env.cr.copy_expert(f"COPY pope_books_line ({columns}) FROM STDIN (FORMAT csv)", out)
    meter.stop()


@operation
def books_memory(env, meter, count):
    """The most that checking a file takes, beside the file itself."""
    data = entries_file(count)
    books = new_books(env, data)
    env.flush_all()
    env.invalidate_all()
    tracemalloc.start()
    books.action_check()
    env["pope.books"]._cron_check()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return {"peak": peak, "size": len(data)}


def multiply(env, record, count, **columns):
    """Copies of a record's row, made by the database itself.

    :param columns: what differs, as SQL on `n`, the number of the copy
    :return: the id of the first copy; the others follow
    """
    env.flush_all()
    table = record._table
    env.cr.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND column_name != 'id'", (table,)
    )
    names = [name for (name,) in env.cr.fetchall()]
    values = [columns.get(name, f'"{name}"') for name in names]
    env.cr.execute(f"SELECT last_value + 1 FROM {table}_id_seq")
    first = env.cr.fetchone()[0]
    listed = ", ".join(f'"{name}"' for name in names)
    env.cr.execute(
        f"INSERT INTO {table} ({listed}) SELECT {', '.join(values)} "
        f"FROM {table}, generate_series(0, %s) n WHERE id = %s",
        (count - 1, record.id),
    )
    env.invalidate_all()
    return first


@operation
def prepare_years(env, meter, count):
    """Some years of the pole: so many projects, two and a half times as many people, five times as many exchanges."""
    kinds = env["pope.structure.type"].search([]).ids
    towns = env["pope.town"].search([]).ids
    stages = env["crm.stage"].search([("team_ids", "in", env.ref("pope_crm.team_incubator").ids)])

    def one_of(ids):
        return f"(ARRAY{ids})[1 + n %% {len(ids)}]"

    day = "(CURRENT_DATE - (n * 7919) %% 2200)"
    people_count, exchange_count = count * 5 // 2, count * 5
    person = people(env, 1)
    person.pope_town_id = towns[0]
    first_person = multiply(env, person, people_count, name="'Personne ' || n", pope_town_id=one_of(towns))
    project = projects(env, 1)
    # six in ten are on their way, three were given up, one is open
    stage_id = f"CASE WHEN n %% 10 = 0 THEN {stages[-1].id} ELSE {one_of(stages[:-1].ids)} END"
    accompanied = f"CASE WHEN n %% 10 = 0 OR n %% {len(stages) - 1} >= 2 THEN {day} END"
    first_project = multiply(
        env,
        project,
        count,
        name="'Projet ' || n",
        create_date=f"{day}::timestamp",
        stage_id=stage_id,
        won_status="CASE WHEN n %% 10 = 0 THEN 'won' WHEN n %% 10 > 6 THEN 'lost' ELSE 'pending' END",
        active="n %% 10 <= 6",
        date_last_stage_update=f"{day}::timestamp",
        pope_accompanied_date=accompanied,
        pope_opening_date=f"CASE WHEN n %% 10 = 0 THEN {day} END",
        pope_places="CASE WHEN n %% 10 = 0 THEN 12 END",
        pope_childminder_count="CASE WHEN n %% 10 = 0 THEN 3 END",
        pope_structure_type_id=one_of(kinds),
        pope_town_id=one_of(towns),
    )
    multiply(
        env,
        project.pope_member_ids,
        people_count,
        lead_id=f"{first_project} + n %% {count}",
        partner_id=f"{first_person} + n",
        date_entry=f"(CURRENT_DATE - ((n %% {count}) * 7919) %% 2200)",
    )
    exchange = env["pope.interaction"].create({"lead_id": project.id, "kind": "visit", "minutes": 60})
    first_exchange = multiply(
        env,
        exchange,
        exchange_count,
        date=day,
        lead_id=f"{first_project} + n %% {count}",
        town_id=one_of(towns),
    )
    env.cr.execute(
        """
        INSERT INTO pope_interaction_res_partner_rel (interaction_id, partner_id)
        SELECT %(exchange)s + n, %(person)s + n %% %(people)s FROM generate_series(0, %(count)s - 1) n
        """,
        {"exchange": first_exchange, "person": first_person, "people": people_count, "count": exchange_count},
    )
    followup = env["pope.followup"].create({"lead_id": project.id, "months": 12})
    multiply(
        env,
        followup,
        count // 10,
        lead_id=f"{first_project} + n * 10",
        months="CASE n %% 2 WHEN 0 THEN 12 ELSE 36 END",
        state="CASE n %% 3 WHEN 0 THEN 'answered' ELSE 'planned' END",
        status="CASE n %% 3 WHEN 0 THEN 'open' END",
        date_due=day,
        access_token="md5(random()::text)",
    )
    # each project moved three times
    field = env["ir.model.fields"]._get("crm.lead", "stage_id")
    message = project.message_post(body="x")
    first_message = multiply(
        env,
        message,
        count * 3,
        res_id=f"{first_project} + n %% {count}",
        message_id="NULL",
        create_date="now() AT TIME ZONE 'UTC'",
    )
    tracking = env["mail.tracking.value"].create({"field_id": field.id, "mail_message_id": message.id})
    multiply(
        env,
        tracking,
        count * 3,
        mail_message_id=f"{first_message} + n",
        old_value_integer=one_of(stages[:-1].ids),
        create_date=f"now() AT TIME ZONE 'UTC' + n / {count} * interval '20 days'",
    )
    env.cr.execute("ANALYZE")


YEAR = date.today().year - 1


def page(env):
    """The page as a member of the team opens it."""
    login = "bench.pope"
    user = env["res.users"].search([("login", "=", login)]) or env["res.users"].create(
        {"name": "Bench", "login": login, "group_ids": [Command.link(env.ref("pope_crm.group_pope_user").id)]}
    )
    return env["pope.figures"].with_user(user), env["pope.todo"].with_user(user)


@operation
def key_figures(env, meter):
    figures, _todo = page(env)
    figures.get_page(YEAR)  # what is kept in memory between requests
    meter.start()
    answer = figures.get_page(YEAR)
    meter.stop()
    return {"figures": {figure["code"]: figure["value"] for group in answer["groups"] for figure in group["figures"]}}


@operation
def raw_figures(env, meter):
    """The same page in SQL written by hand."""
    env.flush_all()
    diagnosis = env.ref("pope_crm.stage_diagnosis").sequence
    meter.start()
    answer = raw_sql.read(env.cr, env.company.id, YEAR, diagnosis)
    meter.stop()
    return {"figures": answer}


@operation
def todo(env, meter):
    """A morning with something on every card."""
    _figures, cards = page(env)
    env["pope.intake"].create([{"name": f"Appel {n}", "phone": "06 00 00 00 01", "source": "call"} for n in range(7)])
    closed = projects(env, 20)
    env.company.write({"pope_mail_from_hour": 0, "pope_mail_to_hour": 24})
    closed._pope_close(env.ref("pope_crm.lost_reason_training"))
    waiting = env["pope.notification"].search([("lead_id", "in", closed.ids), ("state", "=", "to_approve")])
    env.cr.execute("UPDATE pope_notification SET state = 'in_doubt' WHERE id = ANY(%s)", (waiting[:8].ids,))
    for project in closed:
        project.activity_schedule("mail.mail_activity_data_call", summary="Rappeler", user_id=cards.env.uid)
    env.invalidate_all()
    cards.get_cards()
    meter.start()
    answer = cards.get_cards()
    meter.stop()
    return {"cards": len(answer["cards"])}


@operation
def prepare_books(env, meter):
    """A company with the chart of a French association."""
    company = env["res.company"].create({"name": "Bench", "country_id": env.ref("base.fr").id})
    env["account.chart.template"].try_loading("fr", company, install_demo=False)
    env["pope.chart.complete"].create({"company_id": company.id}).action_complete()
    env.user.company_ids |= company
    env.user.group_ids |= env.ref("account.group_account_invoice")


def books(env):
    company = env["res.company"].search([("name", "=", "Bench")])
    env = env(context={**env.context, "allowed_company_ids": company.ids})
    bank = env["account.journal"].search([("type", "=", "bank"), ("company_id", "=", company.id)], limit=1)
    return env, company, bank


def funding(env, instalments):
    """A file awarded in so many instalments of 100."""
    today = fields.Date.context_today(env.user)
    return env["pope.funding"].create(
        {
            "name": "Bench",
            "partner_id": env["res.partner"].create({"name": "Financeur", "is_company": True}).id,
            "state": "awarded",
            "amount_awarded": 100 * instalments,
            "instalment_ids": [
                Command.create({"amount": 100, "date_expected": today + timedelta(days=number)})
                for number in range(instalments)
            ],
        }
    )


@operation
def our_award(env, meter, count):
    """An award booked, and each of its instalments received by a transfer of its own."""
    env, _company, bank = books(env)
    awarded = funding(env, count)
    today = fields.Date.context_today(awarded)
    meter.start()
    awarded._book_award(today).action_post()
    for instalment in awarded.instalment_ids:
        instalment._receive(100, {instalment: 100}, today, bank)
    meter.stop()
    assert awarded.amount_left == 0 and awarded.amount_received == 100 * count


@operation
def stock_award(env, meter, count):
    """The same entry, the same payments, the same reconciliations, by Odoo's own calls."""
    env, company, bank = books(env)
    awarded = funding(env, count)
    today = fields.Date.context_today(awarded)
    income, receivable = company._pope_account("7418"), company._pope_grant_receivable("project")
    values = {
        "move_type": "entry",
        "journal_id": company._pope_award_journal().id,
        "date": today,
        "ref": "Bench",
        "line_ids": awarded._award_lines(today, income, receivable),
    }
    partner = awarded.partner_id
    meter.start()
    move = env["account.move"].create(values)
    move.action_post()
    for line in move.line_ids.filtered(lambda line: line.account_id == receivable):
        payment = env["account.payment"].create(
            {
                "date": today,
                "amount": 100,
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": partner.id,
                "journal_id": bank.id,
                "destination_account_id": receivable.id,
                "memo": "Bench",
            }
        )
        payment.action_post()
        (line + payment.move_id.line_ids.filtered(lambda other: other.account_id == receivable)).reconcile()
    meter.stop()
    assert all(line.reconciled for line in move.line_ids if line.account_id == receivable)


@operation
def prepare_fundings(env, meter, count):
    """So many files awarded in three instalments, one received, one late."""
    env, _company, bank = books(env)
    model = funding(env, 3)
    today = fields.Date.context_today(model)
    model._book_award(today).action_post()
    first = model.instalment_ids[0]
    first._receive(100, {first: 100}, today, bank)
    model.instalment_ids[1].date_expected = today - timedelta(days=5)
    copied = multiply(env, model, count, name="'Dossier ' || n", analytic_account_id="NULL")
    for instalment in model.instalment_ids:
        multiply(env, instalment, count, funding_id=f"{copied} + n", move_line_id="NULL")
    env.cr.execute("ANALYZE")


@operation
def funding_list(env, meter, limit):
    """So many rows of the list of all the files, with its totals and what is late."""
    env, company, _bank = books(env)
    user = page(env)[0].env.user
    user.write({"company_ids": [Command.link(company.id)], "company_id": company.id})
    files = env["pope.funding"].with_user(user)
    shown = {name: {} for name in ("name", "amount_awarded", "amount_received", "amount_left", "amount_late", "state")}
    sums = ["amount_awarded:sum", "amount_received:sum", "amount_left:sum"]
    files.web_search_read([], shown, limit=limit)
    meter.start()
    found = files.web_search_read([], shown, limit=limit, count_limit=10001)
    files.formatted_read_group([], [], sums)
    meter.stop()
    late = sum(1 for row in found["records"] if row["amount_late"])
    return {"files": found["length"], "rows": len(found["records"]), "late": late}


def session(env, people, half_days):
    """A session with its people and its half-days, and no attendance row yet."""
    session = env["event.event"].create(
        {
            "name": "Session",
            "pope_kind": "training",
            "date_begin": "2031-03-03 08:00:00",
            "date_end": "2031-03-03 16:00:00",
        }
    )
    env["event.registration"].create(
        [{"event_id": session.id, "name": f"Personne {n}", "email": f"p{n}@bench.example.org"} for n in range(people)]
    )
    env["pope.training.slot"].create(
        [
            {
                "event_id": session.id,
                "date": date(2031, 3, 3) + timedelta(days=n // 2),
                "half": ("morning", "afternoon")[n % 2],
            }
            for n in range(half_days)
        ]
    )
    env["pope.attendance"].search([("event_id", "=", session.id)]).unlink()
    return session


@operation
def attendance_rows(env, meter, people, half_days):
    """What our gesture does: who is awaited when, in one batch."""
    made = session(env, people, half_days)
    meter.start()
    rows = env["pope.attendance"]._follow(made)
    meter.stop()
    assert len(rows) == people * half_days


@operation
def plain_rows(env, meter, people, half_days):
    """As many of these rows, by Odoo's create alone."""
    made = session(env, people, half_days)
    enrolments = env["pope.training.enrolment"].search([("event_id", "=", made.id)])
    values = [
        {"slot_id": slot.id, "enrolment_id": enrolment.id} for slot in made.pope_slot_ids for enrolment in enrolments
    ]
    meter.start()
    env["pope.attendance"].create(values)
    meter.stop()


def followed(env, count):
    """A session that is over, and so many people who followed it."""
    env, company, _bank = books(env)
    director = env["res.partner"].create({"name": "Solveig Artaud"})
    company.write({"pope_signatory_id": director.id, "pope_signatory_title": "directrice", "city": "Bobigny"})
    program = env["pope.training.program"].create({"name": "Vie commune"})
    past = fields.Date.context_today(env.user) - timedelta(days=30)
    held = env["event.event"].create(
        {
            "name": "Session",
            "pope_kind": "training",
            "company_id": company.id,
            "pope_program_id": program.id,
            "date_begin": f"{past} 07:00:00",
            "date_end": f"{past} 15:00:00",
        }
    )
    env["event.registration"].create(
        [{"event_id": held.id, "name": f"Personne {n}", "email": f"p{n}@bench.example.org"} for n in range(count)]
    )
    env["pope.training.slot"].create(
        [{"event_id": held.id, "date": past, "half": half} for half in ("morning", "afternoon")]
    )
    held.pope_attendance_ids._set_status("present")
    return env["pope.training.enrolment"].search([("event_id", "=", held.id)])


@operation
def certificates(env, meter, count):
    """So many certificates: numbered, printed, kept, from the asking to the last one, as the cron makes them."""
    people = followed(env, count)
    kind = people.env.ref("pope_training.document_kind_certificate")
    edition = people.env["pope.training.edition"].create({"kind_id": kind.id, "event_id": people.event_id.id})
    meter.start()
    edition.line_ids._sort_out()
    edition.state = "running"
    edition._advance()
    meter.stop()
    assert (edition.made_count, edition.failed_count) == (count, 0), edition.line_ids.mapped("error")


@operation
def invoices(env, meter, count):
    """The PDFs of as many invoices, by Odoo: in one run where wkhtmltopdf prints several pages, else one by one."""
    env, _company, _bank = books(env)
    customers = people(env, count)
    values = {"move_type": "out_invoice", "invoice_date": fields.Date.context_today(env.user)}
    line = {"name": "Formation", "quantity": 7, "price_unit": 30}
    moves = env["account.move"].create(
        [{**values, "partner_id": who.id, "invoice_line_ids": [Command.create(line)]} for who in customers]
    )
    moves.action_post()
    report = env["ir.actions.report"]
    runs = [moves.ids] if _wkhtml().is_patched_qt else [[move.id] for move in moves]
    meter.start()
    for run in runs:
        report._render_qweb_pdf_prepare_streams("account.account_invoices", {}, res_ids=run)
    meter.stop()


def discovery_day(env):
    begin = datetime.now() - timedelta(days=1)
    return env["event.event"].create(
        {
            "name": "Journée découverte",
            "event_type_id": env.ref("pope_training.event_type_discovery_day").id,
            "date_begin": begin,
            "date_end": begin + timedelta(hours=6),
            "company_id": env.company.id,
        }
    )


@operation
def attend_discovery(env, meter, count, known):
    """So many people come to a discovery day, until their paths are moved and their e-mails planned: registered
    before, or met that day."""
    day = discovery_day(env)
    serial = env["event.registration"].search_count([])
    values = [
        {"event_id": day.id, "name": f"Venue {serial + n}", "email": f"venue.{serial + n}@bench.example.org"}
        for n in range(count)
    ]
    # what is kept in memory between requests
    env["event.registration"].create({"event_id": day.id, "name": "Première", "email": "premiere@bench.example.org"})
    env["event.registration"].search([("event_id", "=", day.id)]).action_set_done()
    if known:
        registrations = env["event.registration"].create(values)
        meter.start()
        registrations.action_set_done()
    else:
        meter.start()
        registrations = env["event.registration"].create([{**vals, "state": "done"} for vals in values])
    env.flush_all()
    meter.stop()
    paths = registrations.pope_enrolment_ids.path_id
    planned = paths.pope_notification_ids.filtered(lambda row: row.state == "planned")
    attended = paths.filtered(lambda path: path.stage_id.pope_path_step == "attended")
    return {"paths": len(attended), "mails": len(planned.partner_id)}


@operation
def plain_people(env, meter, count):
    """Odoo's own batch creation of as many contacts and leads."""
    serial = env["res.partner"].search_count([])
    meter.start()
    people = env["res.partner"].create(
        [{"name": f"Simple {serial + n}", "email": f"simple.{serial + n}@bench.example.org"} for n in range(count)]
    )
    env["crm.lead"].create([{"name": person.name, "type": "opportunity", "partner_id": person.id} for person in people])
    env.flush_all()
    meter.stop()


@operation
def prepare_enrolments(env, meter, count):
    """So many more people enrolled in a session of two half-days, one in two with a payer, copied by the database."""
    known = env["event.event"].search([("name", "=", "Session copiée")])
    if not known:
        env["res.lang"]._activate_lang("fr_FR")
        known = session(env, 1, 2)
        known.write({"name": "Session copiée", "company_id": env.company.id})
    enrolment = env["pope.training.enrolment"].search([("event_id", "=", known.id)], limit=1)
    env["pope.attendance"]._follow(known)
    registration, scheme = enrolment.registration_id, env["pope.training.scheme"].search([], limit=1)
    paid = enrolment.financing_ids or env["pope.training.financing"].create(
        {"enrolment_id": enrolment.id, "scheme_id": scheme.id}
    )
    row = enrolment.attendance_ids[:1]
    copied = multiply(env, registration, count, name="'Personne ' || n", barcode="'bench' || n || random()")
    first = multiply(env, enrolment, count, registration_id=f"{copied} + n")
    multiply(env, row, count, enrolment_id=f"{first} + n")
    multiply(env, paid, count // 2, enrolment_id=f"{first} + n")
    env.cr.execute("ANALYZE")


@operation
def enrolment_list(env, meter, limit):
    """So many rows of the list of trainees, with their hours and what their file lacks, and its totals."""
    user = page(env)[0].env.user
    Enrolment = env["pope.training.enrolment"].with_user(user)
    domain = [("event_id.name", "=", "Session copiée")]
    shown = {
        **{name: {} for name in ("email", "bpf_status", "hours_planned", "hours_attended", "file_gaps", "state")},
        **{name: {"fields": {"display_name": {}}} for name in ("partner_id", "event_id", "lead_id", "employer_id")},
    }
    Enrolment.web_search_read(domain, shown, limit=limit, count_limit=20001)
    meter.start()
    found = Enrolment.web_search_read(domain, shown, limit=limit, count_limit=20001)
    meter.stop()
    assert all(row["file_gaps"] and row["hours_planned"] for row in found["records"])
    return {"enrolments": found["length"], "rows": len(found["records"])}


@operation
def prepare_paths(env, meter, count):
    """So many paths of as many people, at every step, in several towns and of several prescribers."""
    towns = env["pope.town"].search([], limit=30)
    houses = env["res.partner"].create([{"name": f"Prescripteur {n}", "is_company": True} for n in range(12)])
    env.flush_all()
    team = env.ref("pope_training.team_paths")
    stage = env.ref("pope_training.stage_path_attended")
    person = env["res.partner"].create({"name": "Modèle", "pope_gender": "woman", "pope_birth_year": 1990})
    path = env["crm.lead"].create(
        {"type": "path", "partner_id": person.id, "team_id": team.id, "stage_id": stage.id, "name": "Modèle"}
    )
    training = env["pope.path.training"].create(
        {"lead_id": path.id, "qualification_id": env.ref("pope_training.qualification_cap_aepe").id}
    )
    outcome = env["pope.path.outcome"].create({"lead_id": path.id, "months": 6})
    env.flush_all()

    def one_of(records):
        return f"(ARRAY{records.ids})[1 + n %% {len(records)}]"

    day = f"'{YEAR}-01-01'::date + (7 * n %% 360)"
    people = multiply(
        env,
        person,
        count,
        pope_gender="(ARRAY['woman', 'man', 'undisclosed'])[1 + n %% 3]",
        pope_birth_year="1950 + n %% 60",
        pope_town_id=one_of(towns),
        pope_prescriber_id=one_of(houses),
    )
    paths = multiply(
        env,
        path,
        count,
        partner_id=f"{people} + n",
        pope_path_attended_date=day,
        pope_path_positioned_date=f"CASE WHEN n %% 2 = 0 THEN {day} END",
    )
    multiply(
        env,
        training,
        count // 4,
        lead_id=f"{paths} + 4 * n",
        date_entered=day,
        date_result=f"CASE WHEN n %% 3 = 0 THEN {day} END",
        result="CASE WHEN n %% 3 = 0 THEN 'obtained' END",
    )
    multiply(
        env,
        outcome,
        count,
        lead_id=f"{paths} + n",
        access_token="md5(n::text)",
        date_due=day,
        date_answer=day,
        state="'answered'",
        situation="(ARRAY['job', 'training', 'seeking'])[1 + n %% 3]",
    )
    env.cr.execute("ANALYZE")
    env.invalidate_all()


@operation
def path_figures(env, meter):
    figures, _todo = page(env)
    figures._group_paths(YEAR)  # what is kept in memory between requests
    meter.start()
    _title, answer = figures._group_paths(YEAR)
    meter.stop()
    return {"figures": {figure["code"].removeprefix("paths_"): figure["value"] for figure in answer}}


@operation
def raw_path_figures(env, meter):
    """The same figures and tables in SQL written by hand."""
    env.flush_all()
    meter.start()
    answer = raw_paths.read(env.cr, env.company.id, YEAR)
    meter.stop()
    return {"figures": answer}


@operation
def timeline(env, meter, facts):
    """The life line of a person of so many facts, as its list is opened."""
    env = env(user=page(env)[0].env.user)
    person = env["res.partner"].create({"name": f"Vie de {facts} faits"})
    path = env["crm.lead"].create({"type": "path", "partner_id": person.id})
    env["pope.interaction"].create(
        [{"partner_ids": [Command.set(person.ids)], "date": f"{YEAR}-03-0{1 + n % 9}"} for n in range(facts // 2)]
    )
    env["pope.path.training"].create(
        [
            {
                "lead_id": path.id,
                "qualification_id": env.ref("pope_training.qualification_cap_aepe").id,
                "date_entered": f"{YEAR}-04-0{1 + n % 9}",
            }
            for n in range(facts - facts // 2 - 3)
        ]
    )
    env["pope.diploma"].create({"partner_id": person.id, "name": "CAP", "date_seen": f"{YEAR}-05-01"})
    env.flush_all()
    env.invalidate_all()
    Event = env["pope.life.event"]
    shown = {"date": {}, "kind": {}, "name": {}}
    shown["lead_id"] = {"fields": {"display_name": {}}}
    Event.web_search_read([("partner_id", "=", person.id)], shown, limit=1000)  # kept in memory between requests
    meter.start()
    found = Event.web_search_read([("partner_id", "=", person.id)], shown, limit=1000)
    meter.stop()
    return {"facts": found["length"]}


BOOKED = ("606300", "613200", "615000", "616000", "622600", "625100", "626000", "631100", "641100", "645100", "741500")


@operation
def prepare_items(env, meter, count):
    """So many posted journal items over two years, on the accounts of an association."""
    env, company, _bank = books(env)
    accounts = [company._pope_account(code[:4], code[:2]) for code in BOOKED]
    cash = company._pope_account("512", "51")
    journal = company._pope_award_journal()
    for year in (YEAR, YEAR - 1):
        move = env["account.move"].create(
            {
                "journal_id": journal.id,
                "date": f"{year}-03-15",
                "line_ids": [
                    Command.create({"account_id": account.id, side: 12.34})
                    for account in accounts
                    for side, account in (("debit", account), ("credit", cash))
                ],
            }
        )
        move.action_post()
        items = move.line_ids
        for item in items:
            multiply(env, item, count // (2 * len(items)), date=f"'{year}-01-01'::date + (13 * n %% 360)")
    env.cr.execute("ANALYZE")


def summary_of(env, **values):
    """The summary of the year, as a member of the team opens it."""
    env, company, _bank = books(env)
    user = page(env)[0].env.user
    user.write({"company_ids": [Command.link(company.id)], "company_id": company.id})
    year = {"date_from": f"{YEAR}-01-01", "date_to": f"{YEAR}-12-31", "date_as_of": f"{YEAR}-12-31"}
    return env["pope.financial.summary"].create({**year, **values}).with_user(user), company


@operation
def our_summary(env, meter):
    """The CAF's workbook, from the books to the bytes."""
    summary, _company = summary_of(env)
    summary._render_xlsx(summary._figures())  # what is kept in memory between requests
    meter.start()
    figures = summary._figures()
    content = summary._render_xlsx(figures)
    meter.stop()
    charges = next(row["this_year"] for row in figures["rows"] if row["code"] == "total_c")
    return {"size": len(content), "charges": charges}


@operation
def our_follow_up(env, meter):
    """France Active's workbook, from the books to the bytes."""
    summary, _company = summary_of(env, kind="france_active")
    summary._render_xlsx(summary._figures())
    meter.start()
    figures = summary._figures()
    content = summary._render_xlsx(figures)
    meter.stop()
    charges = next(row["this_year"] for row in figures["rows"] if row["code"] == "total_c")
    return {"size": len(content), "charges": charges}


@operation
def raw_follow_up(env, meter):
    """The same cells by hand."""
    summary, company = summary_of(env, kind="france_active")
    sheets = raw_summary.cells(summary._render_xlsx(summary._figures()))
    column = env["pope.funding"]._spending_plan()._column_name()
    raw_summary.write(sheets)
    meter.start()
    charges = raw_summary.read_follow_up(env.cr, company.id, company.root_id.id, column, YEAR)
    content = raw_summary.write(sheets)
    meter.stop()
    return {"size": len(content), "charges": round(charges, 2), "cells": sum(len(held) for _name, held in sheets)}


@operation
def raw_summary_workbook(env, meter):
    """The same cells by hand."""
    summary, company = summary_of(env)
    sheets = raw_summary.cells(summary._render_xlsx(summary._figures()))
    column = env["pope.funding"]._spending_plan()._column_name()
    diagnosis = env.ref("pope_crm.stage_diagnosis").sequence
    raw_summary.write(sheets)
    meter.start()
    charges = raw_summary.read(env.cr, company.id, company.root_id.id, column, YEAR, diagnosis)
    content = raw_summary.write(sheets)
    meter.stop()
    return {"size": len(content), "charges": round(charges, 2), "cells": sum(len(held) for _name, held in sheets)}


BPF_PER_SESSION = 10  # trainees of a session, and its half-days


def return_of(env):
    """The return of the year, as a member of the team opens it."""
    env, company, _bank = books(env)
    user = page(env)[0].env.user
    user.write({"company_ids": [Command.link(company.id)], "company_id": company.id})
    year = {"date_from": f"{YEAR}-01-01", "date_to": f"{YEAR}-12-31"}
    known = env["pope.bpf"].search([("company_id", "=", company.id), ("date_to", "=", year["date_to"])])
    return (known or env["pope.bpf"].create(year)).with_user(user)


@operation
def prepare_return(env, meter, sessions, items):
    """So many sessions of ten trainees and ten half-days that were followed, and so many lines of invoices."""
    env, company, _bank = books(env)
    nsf = env["pope.training.nsf"].search([], limit=1)
    program = env["pope.training.program"].create({"name": "Bench", "bpf_objective": "d", "nsf_id": nsf.id})
    made = session(env, 1, 1)
    made.write({"pope_program_id": program.id, "company_id": company.id, "pope_session_type": "inter"})
    trainer = env["res.partner"].create({"name": "Bench"})
    slot = made.pope_slot_ids
    slot.write({"date": f"{YEAR}-03-03", "trainer_id": trainer.id})
    registration = made.registration_ids
    enrolment = registration.pope_enrolment_ids
    enrolment.bpf_status = "a"
    scheme = env.ref("pope_training.scheme_employeur_prive")
    financing = env["pope.training.financing"].create({"enrolment_id": enrolment.id, "scheme_id": scheme.id})
    env["pope.attendance"]._follow(made)
    row = env["pope.attendance"].search([("slot_id", "=", slot.id)])
    row.sudo().write({"status": "present"})
    people_count = sessions * BPF_PER_SESSION
    first_session = multiply(env, made, sessions)
    first_slot = multiply(
        env,
        slot,
        people_count,
        event_id=f"{first_session} + n / {BPF_PER_SESSION}",
        date=f"'{YEAR}-01-05'::date + (n * 7) %% 350",
        date_begin=f"'{YEAR}-01-05 08:00:00'::timestamp + (n * 7) %% 350 * interval '1 day'",
    )
    first_registration = multiply(
        env,
        registration,
        people_count,
        event_id=f"{first_session} + n / {BPF_PER_SESSION}",
        access_token="md5(random()::text)",
        barcode="md5(random()::text)",
    )
    first_enrolment = multiply(
        env,
        enrolment,
        people_count,
        registration_id=f"{first_registration} + n",
        event_id=f"{first_session} + n / {BPF_PER_SESSION}",
        bpf_status="(ARRAY['a','b','c','d','e'])[1 + n %% 5]",
    )
    first_financing = multiply(
        env,
        financing,
        people_count,
        enrolment_id=f"{first_enrolment} + n",
        event_id=f"{first_session} + n / {BPF_PER_SESSION}",
    )
    multiply(
        env,
        row,
        people_count * BPF_PER_SESSION,
        slot_id=f"{first_slot} + n / {BPF_PER_SESSION**2} * {BPF_PER_SESSION} + n %% {BPF_PER_SESSION}",
        enrolment_id=f"{first_enrolment} + n / {BPF_PER_SESSION}",
        event_id=f"{first_session} + n / {BPF_PER_SESSION**2}",
        date_begin=f"'{YEAR}-01-05 08:00:00'::timestamp + n %% 350 * interval '1 day'",
    )
    prepare_invoice_lines(env, company, items, first_financing, people_count)
    env.cr.execute("ANALYZE")


def prepare_invoice_lines(env, company, items, first_financing, financings):
    income, charge, cash = (company._pope_account(code) for code in ("706", "613", "512"))
    move = env["account.move"].create(
        {
            "journal_id": company._pope_award_journal().id,
            "date": f"{YEAR}-03-15",
            "line_ids": [
                Command.create({"account_id": cash.id, "debit": 100}),
                Command.create({"account_id": income.id, "credit": 100}),
                Command.create({"account_id": charge.id, "debit": 40}),
                Command.create({"account_id": cash.id, "credit": 40}),
            ],
        }
    )
    move.action_post()
    line = move.line_ids.filtered(lambda item: item.account_id == income)
    move.pope_session_id = env["pope.training.financing"].browse(first_financing).event_id
    line.pope_financing_id = first_financing
    multiply(env, line, items, pope_financing_id=f"{first_financing} + n %% {financings}")


@operation
def our_return(env, meter):
    """The figures of the return, its gaps and its totals."""
    bpf = return_of(env)
    bpf._told()  # what is kept in memory between requests
    meter.start()
    told = bpf._told()
    gaps = len(bpf.live_figures["gaps"])
    meter.stop()
    figures = {code: values for code, values in told.items() if code in ("F1", "F1a", "E1", "C1")}
    return {"figures": figures, "gaps": gaps}


@operation
def raw_return(env, meter):
    bpf = return_of(env)
    meter.start()
    figures = raw_return_sql.read(env.cr, bpf.company_id.id, bpf.company_id.root_id.id, YEAR)
    meter.stop()
    return {"figures": figures}


@operation
def prepare_board(env, meter, sessions):
    """So many sessions of the year, each with its half-days and its trainees."""
    program = env["pope.training.program"].create({"name": "Bench du tableau"})
    made = session(env, 1, 2)
    made.write({"pope_program_id": program.id, "company_id": env.company.id})
    today = date.today()
    days = {"date_begin": f"'{today}'::date - n %% 300", "date_end": f"'{today}'::date - n %% 300"}
    first = multiply(env, made, sessions, **days)
    multiply(env, made.pope_slot_ids[0], sessions, event_id=f"{first} + n", date=f"'{today}'::date - n %% 300")
    registration = made.registration_ids
    first_registration = multiply(
        env, registration, sessions * 4, event_id=f"{first} + n / 4", barcode="md5(random()::text)"
    )
    multiply(
        env,
        registration.pope_enrolment_ids,
        sessions * 4,
        registration_id=f"{first_registration} + n",
        event_id=f"{first} + n / 4",
    )
    env.cr.execute("ANALYZE")


@operation
def quality_board(env, meter):
    board = env["pope.quality.board"].with_user(page(env)[0].env.user).create({})
    board.action_refresh()
    meter.start()
    board.action_refresh()
    meter.stop()
    return {"sessions": board.session_count, "rules": env["pope.quality.evidence.rule"].search_count([])}


DOSSIER = "Bench du dossier"
ISSUED = ("convocation", "information", "statement")  # documents of each trainee


@operation
def prepare_dossier(env, meter, sessions, people):
    """So many sessions of so many trainees, each with three documents of 100 kB that were issued, and a ninth as many
    files that were attached."""
    program = env["pope.training.program"].create({"name": DOSSIER, "objectives": "<p>Accueillir</p>"})
    kinds = [env.ref(f"pope_training.document_kind_{code}") for code in ISSUED]
    rule = env.ref("pope_training.evidence_rule_9_rules")
    day = date(2031, 3, 1)
    for number in range(sessions):
        made = session(env, people, 1)
        made.write({"pope_program_id": program.id, "company_id": env.company.id})
        enrolments = made.registration_ids.pope_enrolment_ids
        enrolments.write({"date_information": day})
        enrolments._list_objectives()
        enrolments.assessment_ids.write({"result": "acquired"})
        env["pope.training.document"].create(
            [
                {
                    "name": kind.name,
                    "kind_id": kind.id,
                    "number": f"BENCH-{people}-{number}-{kind.code}-{place}",
                    "date": day,
                    "company_id": env.company.id,
                    "event_id": made.id,
                    "enrolment_id": enrolment.id,
                    "partner_id": enrolment.partner_id.id,
                    "attachment_id": stored_file(env).id,
                }
                for kind in kinds
                for place, enrolment in enumerate(enrolments)
            ]
        )
        env["pope.quality.evidence"].create(
            {
                "name": f"Livret {number}",
                "rule_id": rule.id,
                "date": day,
                "event_ids": [Command.set(made.ids)],
                "attachment_ids": [Command.link(stored_file(env).id) for _ in range(people // 3)],
            }
        )


def stored_file(env):
    return env["ir.attachment"].create({"name": "document.pdf", "raw": b"%PDF-1.4 " + os.urandom(100 * 1024)})


def dossier_of(env, people):
    """The board over the sessions of so many trainees, refreshed."""
    numbers = env["pope.training.document"].search([("number", "=like", f"BENCH-{people}-%")])
    values = {"date": date(2031, 6, 1), "event_ids": [Command.set(numbers.event_id.ids)]}
    board = env["pope.quality.board"].with_user(page(env)[0].env.user).create(values)
    board.action_refresh()
    return board


@operation
def our_dossier(env, meter, people):
    """The audit file, from the click until it is ready to leave."""
    board = dossier_of(env, people)
    meter.start()
    _name, stream = board._dossier_archive()
    meter.stop()
    with zipfile.ZipFile(stream) as archive:
        return {"files": len(archive.namelist()), "size": stream.seek(0, os.SEEK_END)}


@operation
def raw_dossier(env, meter, people):
    """The same files by `zip -0`; by Python's zipfile in a process of its own where there is no zip."""
    board = dossier_of(env, people)
    files = [file["attachment"] for row in board._dossier() for file in row["files"]]
    paths = [file._full_path(file.store_fname) for file in files]
    with tempfile.TemporaryDirectory() as folder:
        target = os.path.join(folder, "raw.zip")
        by_hand = [sys.executable, "-m", "zipfile", "-c", target, *paths]
        command = ["zip", "-0", "-q", target, "-@"] if shutil.which("zip") else by_hand
        meter.start()
        subprocess.run(command, input="\n".join(paths), text=True, check=True)
        meter.stop()
        with zipfile.ZipFile(target) as archive:
            return {"files": len(archive.namelist()), "size": os.path.getsize(target)}


@operation
def dossier_memory(env, meter, people):
    """The most that the archive takes."""
    board = dossier_of(env, people)
    env.flush_all()
    env.invalidate_all()
    tracemalloc.start()
    _name, stream = board._dossier_archive()
    with contextlib.closing(stream):
        while stream.read(2**16):
            pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return {"peak": peak}


def main(arguments):
    name, options = arguments[0], arguments[1:]
    config.parse_config([f"--database={name}", *options], setup_logging=True)
    registry = Registry(name)
    print(json.dumps({"ready": sorted(OPERATIONS)}), flush=True)
    with registry.cursor() as cr:
        cr.commit = lambda: (cr.flush(), cr.clear())  # what a commit does, but nothing of a measure is kept
        env = Environment(cr, 1, {"lang": "fr_FR", "tz": "Europe/Paris"})  # as the client says
        for line in sys.stdin:
            asked = json.loads(line)
            run = OPERATIONS[asked.pop("operation")]
            meter = Meter(env)
            if run.__name__.startswith("prepare"):
                run(env, meter, **asked)
                env.flush_all()
                counted = {}
            else:
                with contextlib.closing(cr.savepoint()):
                    counted = run(env, meter, **asked) or {}
            answer = {"queries": meter.queries, "cpu": meter.cpu, "seconds": meter.seconds, **counted}
            print(json.dumps(answer), flush=True)
        cr.rollback()


if __name__ == "__main__":
    main(sys.argv[1:])
