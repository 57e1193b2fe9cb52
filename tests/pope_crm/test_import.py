import base64
import io
from datetime import date, datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time
from openpyxl import load_workbook

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.pope_crm.models import pope_import
from odoo.addons.pope_crm.models.pope_import_target import Target

from ..common import PopeCase
from ..tables import csv_bytes, random_file, xlsx_bytes

HEAD = ["Projet", "Type", "Ville", "Étape", "Premier contact", "Nom", "Prénom", "Mail", "Tél"]


def numbered(count, first=0, letter="p"):
    """Rows of as many projects, each with a holder."""
    return [
        [f"MAM {n}", "MAM", "Bondy", "", "2024", "SOW", f"P{n}", f"{letter}{n}@example.org", ""]
        for n in range(first, first + count)
    ]


class ImportCase(PopeCase):
    def new_import(self, rows, kind="projects", user=None, **values):
        """An import of some rows (a CSV file) or of a file's bytes, by a member of the team."""
        content = rows if isinstance(rows, bytes) else csv_bytes(rows)
        name = "suivi.xlsx" if content.startswith(b"PK") else "suivi.csv"
        return (
            self.env["pope.import"]
            .with_user(user or self.user_pope)
            .with_context(lang="fr_FR")
            .create({"kind": kind, "file": base64.b64encode(content), "file_name": name, **values})
        )

    def run_all(self, record):
        """What the cron does, without its commits."""
        while record.state in ("checking", "running"):
            record._as_its_user()._advance()
            record.invalidate_recordset()

    def check(self, *args, **values):
        record = self.new_import(*args, **values)
        record.action_check()
        self.run_all(record)
        return record

    def imported(self, *args, **values):
        record = self.check(*args, **values)
        record.action_import()
        self.run_all(record)
        return record

    def states(self, record):
        return record.line_ids.sorted("number").mapped("state")

    def told(self, record, number):
        return record.line_ids.filtered(lambda line: line.number == number).reason or ""

    def attachment_of(self, action):
        return self.env["ir.attachment"].browse(int(action["url"].split("/")[3].split("?")[0]))

    def counts(self):
        return {
            model: self.env[model].with_context(active_test=False).search_count([])
            for model in ("crm.lead", "res.partner", "pope.project.member", "mail.message", "pope.notification")
        }


@tagged("post_install", "-at_install")
class TestImportProjects(ImportCase):
    def test_a_workbook_as_people_keep_it_becomes_projects(self):
        """Titles, headers on two lines, merged cells, empty columns, totals, Excel dates: three projects."""
        micro = self.env.ref("pope_crm.structure_type_micro_creche")
        rows = [
            ["Suivi des projets 2024", *[None] * 9],
            [],
            ["Projet", None, "Ville", "Type", "Étape", "1er contact", "Porteuse 1", None, "Porteuse 2", None],
            [None, None, None, None, None, None, "Nom prénom", "Mail", "Nom prénom", "Tél"],
            ["MAM Soleil", None, "St Denis", "MAM", "diagnostic", date(2024, 3, 12), "DIALLO Awa",
             "Awa.Diallo@Example.org", "BENALI Inès", 612345678],
            ["Les Lutins", None, "93300", "micro creche", "Premier contact", "mars 2023", "KEITA Marie-Hélène",
             "mh.keita@example.org"],
            ["TOTAL", None, None, None, None, 2],
            [None, None, None, None, None, None, "SOW Fatou", "fatou.sow@example.org"],
        ]  # fmt: skip
        record = self.imported(xlsx_bytes(rows, merged=[(5, 0, 5, 1, "Les Lutins")]))
        self.assertEqual((record.state, record.format, record.header_line, record.row_count), ("done", "xlsx", 4, 4))
        self.assertEqual(self.states(record), ["created", "created", "ignored", "created"])
        sun, elves, nameless = record.line_ids.filtered("lead_id").sorted("number").lead_id
        self.assertEqual((sun.name, sun.type, sun.team_id), ("MAM Soleil", "project", self.team))
        self.assertEqual((sun.pope_town_id, sun.stage_id), (self.town, self.stage_diagnosis))
        self.assertEqual(sun.pope_structure_type_id.code, "mam")
        self.assertEqual(sun.create_date, datetime(2024, 3, 12, 12))
        self.assertEqual(sun.date_last_stage_update.date(), date(2024, 3, 12))
        self.assertEqual(sun.pope_accompanied_date, date(2024, 3, 12), "accompanied then, not on the day of the import")
        awa, ines = sun.pope_member_ids.partner_id
        self.assertEqual(awa, self.holders[0], "a known person is found by her address")
        self.assertEqual((ines.name, ines.pope_first_name, ines.phone), ("Inès BENALI", "Inès", "06 12 34 56 78"))
        self.assertEqual(sun.partner_id, awa)
        self.assertEqual(sun.pope_member_ids.mapped("date_entry"), [date(2024, 3, 12)] * 2)
        self.assertEqual((elves.pope_structure_type_id, elves.create_date.date()), (micro, date(2023, 3, 1)))
        self.assertEqual(elves.pope_town_id.insee_code, "93001")
        self.assertEqual(nameless.name, "Fatou SOW")

    def test_nothing_leaves_and_nobody_is_called(self):
        mails = self.env["mail.mail"].search_count([])
        rows = [HEAD, ["MAM A", "MAM", "Bondy", "", "12/03/2020", "SOW", "Fatou", "fatou@example.org", ""]]
        project = self.imported(rows, in_charge_id=self.user_manager.id).line_ids.lead_id
        self.assertEqual(project.user_id, self.user_manager)
        self.assertEqual(set(project.pope_notification_ids.mapped("state")), {"skipped"})
        self.assertEqual(set(project.pope_notification_ids.mapped("reason")), {"imported"})
        self.assertEqual(self.env["mail.mail"].search_count([]), mails, "the person in charge is not written to either")
        self.env["crm.lead"]._cron_pope_late()
        self.assertFalse(project.activity_ids, "an old project is late, and calls nobody by itself")
        self.assertTrue(project.is_rotting)
        self.assertIn("suivi.csv", project.message_ids.mapped("body")[0])

    def test_a_person_who_objected_is_known_and_still_objects(self):
        person = self.holders[0]
        person.action_pope_oppose()
        rows = [HEAD, ["MAM A", "MAM", "Bondy", "Diagnostic", "", "DIALLO", "Awa", "awa.diallo@example.org", ""]]
        project = self.imported(rows).line_ids.lead_id
        self.assertEqual(project.pope_member_ids.partner_id, person, "known by her address, not made again")
        self.assertTrue(person.pope_opposition_date)
        self.assertEqual(set(project.pope_notification_ids.mapped("state")), {"skipped"})

    def test_a_check_writes_nothing_and_says_what_the_import_does(self):
        rows = [
            HEAD,
            ["MAM A", "MAM", "Bondy", "", "12/03/2024", "SOW", "Fatou", "fatou@example.org", ""],
            ["MAM B", "MAM", "Bondyyy", "", "", "BA", "Awa", "awa.ba@example.org", ""],
            ["MAM C", "MAM", "Bondy", "Ouvert", "", "LY", "Mariam", "mariam@example.org", ""],
            ["MAM A", "MAM", "Bondy", "", "", "NIANG", "Rama", "rama@example.org", ""],
        ]
        before = self.counts()
        record = self.check(rows)
        self.assertEqual(self.counts(), before)
        self.assertEqual(self.states(record), ["created", "refused", "refused", "duplicate"])
        self.assertIn("Bondy", self.told(record, 3))
        self.assertIn("Places", self.told(record, 4))
        self.assertIn("2", self.told(record, 5))
        self.assertIn("Lignes à créer : 1,", record.summary)
        said = [(line.number, line.state, line.reason) for line in record.line_ids]
        record.action_import()
        self.assertEqual([(line.number, line.state, line.reason) for line in record.line_ids], said)
        self.assertEqual(record.line_ids.lead_id.mapped("name"), ["MAM A"])
        self.assertEqual(len(record.line_ids.lead_id.pope_member_ids), 2, "the second row brought its holder")

    def test_a_second_run_changes_nothing_and_says_so(self):
        data, _kind = random_file(11, 90)
        self.imported(data, takes_incomplete=True)
        before = self.counts()
        self.env.flush_all()
        self.env.cr.execute("SELECT max(write_date) FROM crm_lead")
        newest = self.env.cr.fetchall()
        second = self.check(data, takes_incomplete=True)
        self.assertFalse(second.created_count + second.completed_count)
        self.assertGreater(second.same_count, 40)
        second.action_import()
        self.assertEqual(self.counts(), before)
        self.env.flush_all()
        self.env.cr.execute("SELECT max(write_date) FROM crm_lead")
        self.assertEqual(self.env.cr.fetchall(), newest)

    def test_everything_there_already_is_said_in_french(self):
        rows = [HEAD, ["MAM A", "MAM", "Bondy", "", "", "SOW", "Fatou", "fatou@example.org", ""]]
        self.imported(rows)
        self.assertEqual(self.imported(rows).summary, "Tout était déjà là : rien n'a été modifié.")

    def test_what_people_changed_since_is_known_again_and_left_alone(self):
        row = ["12", "MAM A", "MAM", "Bondy", "", "", "SOW", "Fatou", "fatou@example.org", "0612345678"]
        rows = [["Réf", *HEAD], row]
        project = self.imported(rows).line_ids.lead_id
        project.name = "MAM des Lilas"
        project.partner_id.write({"email": "fatou.sow@example.org", "phone": False})
        second = self.imported(rows)
        self.assertEqual((self.states(second), second.line_ids.lead_id), (["same"], project))
        self.assertFalse(project.partner_id.phone, "what was taken out is not put back by the same file")
        row[4:6] = ["Diagnostic", "12/03/2024"]
        third = self.imported([*rows, ["12", "Autre nom", *[""] * 8]])
        self.assertEqual(self.states(third), ["completed", "duplicate"])
        self.assertEqual((project.name, project.stage_id), ("MAM des Lilas", self.stage_contact))

    def test_what_exists_is_completed_where_it_is_empty_and_never_overwritten(self):
        project = self.create_project("MAM Les Grands Pas", pope_source="Une amie")
        project.pope_structure_type_id = False
        rows = [
            [*HEAD, "Origine", "Places prévues"],
            ["mam les grands-pas", "MAM", "Saint-Denis", "Diagnostic", "", "Diallo", "Awa", "awa.diallo@example.org",
             "01 23 45 67 89", "La PMI", "12"],
        ]  # fmt: skip
        record = self.imported(rows)
        self.assertEqual((self.states(record), record.line_ids.lead_id), (["completed"], project))
        self.assertEqual((project.pope_structure_type_id.code, project.pope_places_planned), ("mam", 12))
        self.assertEqual((project.pope_source, project.stage_id), ("Une amie", self.stage_contact))
        self.assertEqual(self.holders[0].phone, "+33 6 12 34 56 01")
        self.assertEqual((self.holders[0].name, self.holders[0].pope_first_name), ("Awa Diallo", "Awa"))
        for word in ("Une amie", "La PMI", "01 23 45 67 89", "Diagnostic"):
            self.assertIn(word, self.told(record, 2))
        self.assertEqual(project.pope_member_ids.partner_id, self.holders[0])

    def test_several_projects_of_one_name_are_told_apart_by_their_holders(self):
        self.create_project("MAM Jumelle", holders=self.holders[1])
        mine = self.create_project("MAM Jumelle", holders=self.holders[0])
        rows = [
            HEAD,
            ["MAM jumelle", "", "Saint-Denis", "", "", "Diallo", "Awa", "awa.diallo@example.org", ""],
            ["MAM Jumelle", "", "St Denis", "", "", "Sow", "Fatou", "fatou@example.org", ""],
        ]
        record = self.check(rows)
        self.assertEqual(self.states(record), ["completed", "duplicate"])
        self.assertEqual(record.line_ids[0].lead_id, mine)
        self.assertEqual(self.states(self.check([HEAD, ["MAM Jumelle", "", "St Denis", *[""] * 6]])), ["refused"])

    def test_refused_rows_come_back_in_the_same_file_with_their_reason(self):
        rows = [
            ["Suivi des projets"],
            HEAD,
            ["MAM A", "MAM", "Bondy", "", "31/02/2024", "SOW", "Fatou", "fatou@example.org", ""],
            ["MAM B", "MAM", "Bondy", "", "12/03/2024", "BA", "Awa", "awa.ba@example.org", ""],
            ["MAM C", "garderie", "Bondy", "", "", "LY", "Zoé", "zoe.example.org", "12"],
        ]
        record = self.imported(csv_bytes(rows, encoding="cp1252"))
        self.assertEqual(self.states(record), ["refused", "created", "refused"])
        attachment = self.attachment_of(record.action_refused_file())
        self.assertEqual((attachment.res_model, attachment.res_id), ("pope.import", record.id))
        lines = attachment.raw.decode("cp1252").splitlines()
        self.assertEqual(lines[:2], ["Suivi des projets", ";".join([*HEAD, "Motif du refus"])])
        self.assertEqual(len(lines), 4)
        self.assertTrue(lines[2].startswith("MAM A;MAM;Bondy;;31/02/2024;SOW;Fatou;fatou@example.org;;"))
        self.assertIn("Premier contact : « 31/02/2024 » n'est pas une date", lines[2])
        for words in ("Type :", "garderie", "Mail :", "Tél :"):
            self.assertIn(words, lines[3])
        again = self.imported(attachment.raw.replace(b"31/02/2024;SOW", b"28/02/2024;SOW"))
        self.assertEqual(self.states(again), ["created", "refused"])
        self.assertFalse(again.unused_columns)

    def test_refused_rows_of_a_workbook_come_back_as_a_workbook(self):
        rows = [["Projet", "Ville", "Premier contact"], ["A", "Nulle part", date(2024, 3, 12)]]
        rows.append(["B", "Bondy", date(2024, 3, 1)])
        attachment = self.attachment_of(self.check(xlsx_bytes(rows)).action_refused_file())
        sheet = load_workbook(io.BytesIO(attachment.raw)).active
        self.assertEqual([cell.value for cell in sheet[2]][:3], ["A", "Nulle part", datetime(2024, 3, 12)])
        self.assertEqual(sheet.max_row, 2)
        self.assertTrue(attachment.name.endswith(".xlsx"))

    def test_a_siret_destroyed_by_excel_is_told_and_the_row_comes_in(self):
        rows = [["Projet", "Ville", "Association", "SIRET"], ["A", "Bondy", "Les A", "2,43E+13"]]
        rows.append(["B", "Bondy", "Les B", "73282932000074"])
        record = self.imported(rows)
        self.assertEqual(self.states(record), ["created", "created"])
        self.assertIn("2,43E+13", self.told(record, 2))
        first, second = record.line_ids.lead_id.sorted("name").pope_association_id
        self.assertEqual((first.name, first.is_company, first.company_registry), ("Les A", True, False))
        self.assertEqual(second.company_registry, "73282932000074")

    def test_up_to_six_holders_a_row(self):
        head, row = ["Projet", "Ville"], ["MAM Six", "Bondy"]
        for number in range(1, 8):
            head += [f"Porteuse {number} - nom", f"Porteuse {number} - prénom", f"Mail porteuse n°{number}"]
            row += [f"Nom{number}", f"Prénom{number}", f"porteuse{number}@example.org"]
        record = self.imported([head, row])
        self.assertEqual(len(record.line_ids.lead_id.pope_member_ids), 6)
        self.assertIn("Porteuse 7 - nom", record.unused_columns)

    def test_two_persons_with_one_address_are_two_and_it_is_told(self):
        rows = [
            HEAD,
            ["MAM A", "", "Bondy", "", "", "MARTIN", "Anne", "famille@example.org", ""],
            ["MAM B", "", "Bondy", "", "", "MARTIN", "Paul", "famille@example.org", ""],
        ]
        self.imported(rows[:2])
        record = self.imported(rows)
        self.assertEqual(self.states(record), ["same", "created"])
        self.assertIn("Anne MARTIN", self.told(record, 3))
        people = self.env["res.partner"].search([("email_normalized", "=", "famille@example.org")])
        self.assertEqual(sorted(people.mapped("name")), ["Anne MARTIN", "Paul MARTIN"])
        self.assertEqual(self.states(self.imported(rows)), ["same", "same"])

    def test_names_are_resolved_within_the_team(self):
        other = self.env["crm.team"].create({"name": "Autre", "pope_lead_type": "project"})
        self.env["crm.stage"].create({"name": "Étape ailleurs", "team_ids": [Command.set(other.ids)]})
        rows = [HEAD[:4], ["A", "MAM", "Bondy", "Étape ailleurs"], ["B", "MAM", "Bondy", "reunion d information"]]
        self.assertEqual(self.states(self.check(rows)), ["refused", "created"])
        elsewhere = self.check([HEAD[:4], ["A", "MAM", "Bondy", "etape AILLEURS"]], team_id=other.id)
        self.assertEqual(self.states(elsewhere), ["created"])

    def test_an_end_comes_with_its_reason(self):
        rows = [
            ["Projet", "Ville", "Statut", "Motif de fin", "Date de fin"],
            ["A", "Bondy", "Abandonné", "Local introuvable", "12/05/2022"],
            ["B", "Bondy", "Abandon", "Le cousin a repris le bail", ""],
            ["C", "Bondy", "Réorientée", "", ""],
            ["D", "Bondy", "Réorientée", "Emploi trouvé", "05/2021"],
        ]
        record = self.imported(rows)
        self.assertEqual(self.states(record), ["created", "created", "refused", "created"])
        first, second, third = record.line_ids.filtered("lead_id").sorted("number").lead_id
        self.assertEqual((first.won_status, first.active), ("lost", False))
        self.assertEqual(
            (first.lost_reason_id.pope_outcome, first.date_closed.date()), ("abandoned", date(2022, 5, 12))
        )
        self.assertIn("cousin", second.description)
        self.assertEqual((third.pope_outcome, third.won_status), ("reoriented_job", "lost"))

    def test_history_without_figures_is_refused_or_taken_with_a_mark(self):
        rows = [HEAD[:5], ["MAM A", "MAM", "Bondy", "Ouvert", "2016"], ["MAM B", "MAM", "Bondy", "Ouverte", "2017"]]
        self.assertEqual(self.states(self.imported(rows)), ["refused", "refused"])
        record = self.imported(rows, takes_incomplete=True)
        self.assertEqual(self.states(record), ["created", "created"])
        first, second = record.line_ids.lead_id.sorted("name")
        self.assertEqual((first.stage_id, first.won_status, first.pope_to_complete), (self.stage_open, "won", True))
        self.assertIn(first, self.env["crm.lead"].search([("pope_to_complete", "=", True)]))
        self.assertTrue(first.pope_opening_gaps)
        self.assertFalse(first.pope_followup_ids, "nothing is asked of a place that has no opening date")
        first.pope_places = 12
        self.assertTrue(first.pope_to_complete, "there are figures missing still")
        first.write({"pope_opening_date": "2016-09-01", "pope_childminder_count": 3})
        self.assertFalse(first.pope_to_complete)
        with self.assertRaises(ValidationError), self.cr.savepoint():
            first.pope_places = 0
        second.stage_id = self.stage_diagnosis
        self.assertFalse(second.pope_to_complete)
        with self.assertRaises(ValidationError), self.cr.savepoint():
            second.stage_id = self.stage_open

    def test_the_mark_is_nobodys_to_put(self):
        project = self.create_project()
        values = {"stage_id": self.stage_open.id, "pope_to_complete": True}
        for user in (self.user_pope, self.user_manager):
            with self.assertRaises(UserError):
                project.with_user(user).write(values)
            with self.assertRaises(UserError):
                self.env["crm.lead"].with_user(user).create({"type": "project", "name": "X", **values})

    def test_an_opened_place_has_its_dates_and_follow_ups(self):
        head = ["Projet", "Type", "Ville", "Étape", "1er contact", "Ouvert le", "Places", "Nb AM"]
        record = self.imported([head, ["MAM A", "MAM", "Bondy", "Ouvert", "2016", "01/09/2018", "12 places", "3"]])
        project = record.line_ids.lead_id
        self.assertFalse(project.pope_to_complete)
        self.assertEqual((project.pope_places, project.pope_childminder_count), (12, 3))
        self.assertEqual(project.pope_opening_date, date(2018, 9, 1))
        self.assertEqual(
            [project.create_date.date(), project.date_last_stage_update.date(), project.date_closed.date()],
            [date(2016, 1, 1), date(2018, 9, 1), date(2018, 9, 1)],
        )
        self.assertTrue(project.pope_followup_ids)
        self.assertFalse(project.pope_notification_ids.filtered(lambda row: row.state in ("planned", "queued")))

    def test_shifted_rows_headers_again_and_lonely_cells_are_told(self):
        rows = [
            HEAD,
            ["MAM A", "MAM", "Bondy", "", "", "SOW", "Fatou", "fatou@example.org", "", ""],
            ["", "MAM B", "MAM", "Bondy", "", "", "BA", "Awa", "awa@example.org", "0612345678"],
            HEAD,
            ["SECTEUR NORD"],
            ["Total", "", "", "", "", "", "", "", "2"],
        ]
        self.assertEqual(self.states(self.check(rows)), ["created", "refused", "ignored", "refused", "ignored"])

    def test_a_file_shifted_from_its_headers_is_read_where_its_data_is(self):
        record = self.imported([HEAD, *([str(n), *row] for n, row in enumerate(numbered(4)))])
        self.assertEqual(record.header_shift, 1)
        self.assertEqual(record.line_ids.lead_id.mapped("name"), ["MAM 0", "MAM 1", "MAM 2", "MAM 3"])

    def test_a_row_that_the_database_refuses_never_stops_the_others(self):
        self.env.cr.execute("ALTER TABLE crm_lead ADD CONSTRAINT pope_test CHECK (name != 'MAM 7')")
        with self.assertLogs("odoo.sql_db", "ERROR"):
            record = self.imported([HEAD, *numbered(12)])
        self.assertEqual((record.created_count, record.refused_count), (11, 1))
        self.assertIn("pope_test", self.told(record, 9))
        self.assertFalse(self.env["res.partner"].search([("email", "=", "p7@example.org")]), "nothing half-written")
        self.assertEqual(len(record.line_ids.lead_id), 11)

    def test_an_import_that_was_cut_goes_on_where_it_was(self):
        self.patch(pope_import, "LOT", 10)
        self.patch(pope_import, "AT_ONCE", 5)
        record = self.check([HEAD, *numbered(30)])
        record.action_import()
        self.assertEqual(record.state, "running")
        with patch.object(type(record), "_commit_lot", lambda record, count: False):
            record._as_its_user()._advance(commits=True)
        record.invalidate_recordset()
        self.assertEqual((record.state, record.position, round(record.progress)), ("running", 11, 33))
        self.assertEqual(len(record.line_ids.lead_id), 10)
        record.action_stop()
        with self.assertRaises(UserError):
            record.action_check()
        with self.assertRaises(UserError):
            record.column_ids[0].field_name = False
        record.action_import()
        self.run_all(record)
        self.assertEqual((record.state, len(record.line_ids.lead_id)), ("done", 30))

    def test_ten_times_the_rows_take_the_same_queries_to_check_and_hardly_more_to_import(self):
        def cost(count, first):
            record = self.new_import([HEAD, *numbered(count, first, "q")])
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            record.action_check()
            self.env.flush_all()
            checked = self.env.cr.sql_log_count
            record.action_import()
            self.env.flush_all()
            self.assertEqual(record.created_count, count)
            return checked - start, self.env.cr.sql_log_count - checked

        cost(10, 0)
        few, many = cost(10, 100), cost(100, 200)
        self.assertLessEqual(many[0], few[0])
        self.assertLess(many[1], few[1] + 15)

    def test_merging_projects_or_persons_keeps_what_was_imported_known(self):
        rows = [
            [*HEAD[:3], "Nom", "Prénom", "Mail"],
            ["MAM A", "MAM", "Bondy", "SOW", "Fatou", "fatou@example.org"],
            ["MAM B", "MAM", "Bondy", "SOW", "Fatoumata", "fatoumata@example.org"],
        ]
        first, second = self.imported(rows).line_ids.lead_id.sorted("name")
        merge = self.env["base.partner.merge.automatic.wizard"]._merge
        merge([first.partner_id.id, second.partner_id.id], first.partner_id)
        (first | second).merge_opportunity(auto_unlink=True)
        kept = (first | second).exists()
        rows[1][1] = rows[2][1] = "mam"
        before = self.counts()
        again = self.check(rows)
        self.assertEqual(again.line_ids.lead_id, kept)
        self.assertFalse(again.created_count)
        self.assertEqual(self.counts(), before)

    def test_random_files_leave_no_row_without_a_word(self):
        """A part of the ten thousand; tests/process has them all."""
        for seed in (21, 22, 23):
            data, _kind = random_file(seed, 300)
            with self.assertNoLogs("odoo.addons.pope_crm", "ERROR"):
                record = self.check(data, takes_incomplete=seed % 2 == 1)
            self.assertEqual(len(record.line_ids), record.row_count)
            silent = record.line_ids.filtered(lambda line: line.state in ("refused", "ignored") and not line.reason)
            self.assertFalse(silent)
            self.assertGreater(record.created_count, 100)


@tagged("post_install", "-at_install")
class TestImportContacts(ImportCase):
    def test_persons_and_organisations(self):
        pmi = self.env["pope.partner.role"].search([("code", "=", "pmi")])
        rows = [
            ["Nom", "Prénom", "Structure", "Mail", "Tél", "Adresse", "CP", "Ville", "Rôle", "Commentaire"],
            ["de la Tour", "Zoé", "PMI du 93", "zoe@example.org", "0612345678", "1 rue X", "93140", "Bondy", "PMI",
             "Le matin\nseulement"],
            ["", "", "Mairie de Bondy", "mairie@example.org", "", "", "", "bondy", "", ""],
            ["NIANG", "Rama", "PMI DU 93", "rama@example.org", "", "", "", "Lyon", "", ""],
            ["", "", "", "", "0612345678", "", "", "", "", ""],
            ["BA", "Awa", "", "awa.ba@example.org", "", "", "", "", "Astronaute", ""],
        ]  # fmt: skip
        record = self.imported(rows, kind="contacts")
        self.assertEqual(self.states(record), ["created", "created", "created", "refused", "refused"])
        zoe, town, rama = record.line_ids.filtered("partner_id").sorted("number").partner_id
        self.assertEqual(zoe.name, self.env["res.partner"]._pope_full_name("Zoé", "de la Tour"))
        self.assertEqual((zoe.parent_id.name, zoe.pope_role_ids), ("PMI du 93", pmi))
        self.assertEqual((zoe.parent_id.street, zoe.parent_id.zip, zoe.zip), ("1 rue X", "93140", "93140"))
        self.assertEqual(zoe.pope_town_id.insee_code, "93010")
        self.assertIn("seulement", zoe.comment)
        self.assertEqual((town.name, town.is_company, town.email), ("Mairie de Bondy", True, "mairie@example.org"))
        self.assertEqual(rama.parent_id, zoe.parent_id)
        self.assertEqual(rama.pope_town_id, zoe.pope_town_id, "one who works there has the address of the place")
        self.assertFalse(rama.parent_id.city, "an address is never completed by halves")
        self.assertIn("Lyon", self.told(record, 4))
        self.assertIn("garde son adresse", self.told(record, 4))
        before = self.counts()
        second = self.imported(rows, kind="contacts")
        self.assertEqual(self.states(second), ["same", "same", "same", "refused", "refused"])
        self.assertEqual(self.counts(), before)

    def test_a_contact_may_live_where_no_town_of_ours_is(self):
        rows = [["Nom", "Prénom", "Mail", "Code postal", "Ville"]]
        rows.append(["Sow", "Fatou", "fatou@example.org", 1000, "Bourg-en-Bresse"])
        record = self.imported(xlsx_bytes(rows), kind="contacts")
        person = record.line_ids.partner_id
        self.assertEqual((person.zip, person.city, person.pope_town_id.id), ("01000", "Bourg-en-Bresse", False))
        self.assertIn("Bourg-en-Bresse", self.told(record, 2))

    def test_the_profile_and_every_phone_of_a_person(self):
        rows = [["Civilité", "Nom", "Prénom", "Mail", "Tél", "Né(e) le", "Genre"]]
        rows.append(["Mme", "Sow", "Fatou", "f@example.org", "0612345678 / 0123456789", "17/05/1990", "femme"])
        person = self.imported(rows, kind="contacts").line_ids.partner_id
        self.assertEqual((person.pope_civility, person.pope_gender), ("mrs", "woman"))
        self.assertEqual((person.phone, person.pope_birth_date), ("06 12 34 56 78", date(1990, 5, 17)))
        self.assertEqual(person.pope_phone_ids.mapped("number"), ["01 23 45 67 89"])
        rows[1][4:5] = ["01 23 45 67 89 / 06 12 34 56 78 / 07 00 00 00 01"]
        self.assertEqual(self.states(self.imported(rows, kind="contacts")), ["completed"])
        self.assertEqual(person.pope_phone_ids.mapped("number"), ["01 23 45 67 89", "07 00 00 00 01"])

    def test_a_name_alone_is_never_taken_for_somebody_else(self):
        rows = [["Nom", "Prénom", "Ville"], ["Martin", "Chloé", "Bondy"]]
        self.holders[2].name = "Chloé MARTIN"
        record = self.imported(rows, kind="contacts")
        self.assertEqual(self.states(record), ["created"])
        self.assertNotEqual(record.line_ids.partner_id, self.holders[2])
        self.assertIn("Chloé MARTIN", self.told(record, 2))
        self.assertEqual(self.states(self.imported(rows, kind="contacts")), ["same"])

    def test_a_reference_finds_the_person_whose_address_changed(self):
        rows = [["Réf.", "Nom", "Prénom", "Mail"], ["C-7", "Sow", "Fatou", "fatou@example.org"]]
        person = self.imported(rows, kind="contacts").line_ids.partner_id
        self.assertEqual(person.ref, "C-7")
        rows[1][3] = "nouvelle@example.org"
        second = self.imported(rows, kind="contacts")
        self.assertEqual((second.line_ids.partner_id, self.states(second)), (person, ["same"]))
        self.assertIn("nouvelle@example.org", self.told(second, 2))

    def test_a_reference_in_use_before_us_is_not_its_person(self):
        stranger = self.env["res.partner"].create({"name": "Quelqu'un d'autre", "ref": "12"})
        rows = [["Réf.", "Nom", "Prénom", "Mail"], ["12", "Sow", "Fatou", "fatou@example.org"]]
        self.assertNotEqual(self.imported(rows, kind="contacts").line_ids.partner_id, stranger)

    def test_an_existing_person_with_an_address_is_not_moved_into_an_organisation(self):
        person = self.holders[0]
        person.street = "3 rue Y"
        self.env["res.partner"].create({"name": "Crèche A", "is_company": True, "street": "9 rue Z"})
        rows = [["Nom", "Prénom", "Mail", "Structure"], ["Diallo", "Awa", "awa.diallo@example.org", "Crèche A"]]
        self.imported(rows, kind="contacts")
        self.assertEqual((person.street, person.parent_id.id), ("3 rue Y", False))

    def test_a_field_of_another_add_on_is_one_more_target(self):
        Import = self.env.registry["pope.import"]
        stock = Import._contact_targets
        website = Target("website", "Site web", field="website", per_holder=True)
        self.patch(Import, "_contact_targets", lambda self: [*stock(self), website])
        rows = [["Nom", "Site web", "Mail"], ["Sow", "https://example.org", "f@example.org"]]
        self.assertEqual(self.imported(rows, kind="contacts").line_ids.partner_id.website, "https://example.org")


@tagged("post_install", "-at_install")
class TestImportScreen(ImportCase):
    rows = [["Projet", "Commune visée", "Truc"], ["MAM A", "Bondy", "x"]]

    def test_a_header_told_once_is_remembered(self):
        record = self.new_import(self.rows)
        self.assertEqual(record.unused_columns, "Commune visée, Truc")
        record.column_ids[1].field_name = "projects/town"
        record.action_check()
        record.action_import()
        again = self.new_import([["Projet", "commune  visee"], ["MAM B", "Bondy"]])
        self.assertEqual(again.column_ids.mapped("field_name"), ["projects/name", "projects/town"])
        again.column_ids[1].field_name = False
        again.action_check()
        again.action_import()
        third = self.new_import(self.rows)
        self.assertFalse(third.column_ids[1].field_name, "left out once, left out again")
        self.assertEqual(third.unused_columns, "Truc", "and not a surprise any more")

    def test_headers_are_the_managers_to_edit(self):
        mapping = self.env["pope.import.mapping"].search([("field_name", "=", "projects/town")])
        with self.assertRaises(AccessError):
            mapping.with_user(self.user_pope).headers = "X"
        mapping.with_user(self.user_manager).headers = "Bourgade"
        record = self.new_import([["Projet", "BOURGADE"], ["A", "Bondy"]])
        self.assertEqual(record.column_ids[1].field_name, "projects/town")

    def test_columns_changed_after_a_check_are_checked_again(self):
        record = self.check(self.rows)
        self.assertEqual(record.state, "checked")
        record.column_ids[1].field_name = "projects/town"
        self.assertEqual(record.state, "draft")
        with self.assertRaises(UserError):
            record.action_import()

    def test_the_line_of_the_headers_and_the_separator_may_be_told(self):
        record = self.new_import([["Projet", "Ville"], ["Nom de code", "Lieu dit"], ["MAM A", "Bondy"]])
        self.assertEqual((record.header_line, record.row_count), (1, 2))
        record.header_line = 2
        self.assertEqual((record.row_count, record.column_ids.mapped("name")), (1, ["Nom de code", "Lieu dit"]))
        record.separator = ","
        self.assertEqual(len(record.column_ids), 1)

    def test_bad_files_and_columns_get_a_clear_sentence_and_leave_nothing(self):
        before = self.env["pope.import"].search_count([])
        for content, words in (
            (b"%PDF-1.4", "tableau"),
            (b"\xd0\xcf\x11\xe0", "XLSX"),
            (b"PK\x03\x04x", "XLSX"),
            (b"\n", "ligne"),
            (csv_bytes(self.rows[:1]), "ligne"),
        ):
            with self.assertRaises(UserError) as refusal, self.cr.savepoint():
                self.new_import(content)
            self.assertIn(words, str(refusal.exception))
        self.assertEqual(self.env["pope.import"].search_count([]), before)
        record = self.new_import(self.rows)
        record.column_ids[1].field_name = record.column_ids[2].field_name = "projects/town"
        with self.assertRaises(UserError) as refusal:
            record.action_check()
        self.assertIn("Truc", str(refusal.exception))
        record = self.new_import([["Truc", "Machin"], ["a", "b"]])
        with self.assertRaises(UserError):
            record.action_check()

    def test_a_long_file_is_handled_by_the_cron_and_shows_its_progress(self):
        self.patch(pope_import, "AT_ONCE", 1)
        record = self.new_import([*self.rows, ["MAM B", "Bondy", ""]])
        triggers = self.env["ir.cron.trigger"].search_count([])
        record.action_check()
        self.assertEqual((record.state, record.progress), ("checking", 0))
        self.assertGreater(self.env["ir.cron.trigger"].search_count([]), triggers)
        record.action_stop()
        self.assertEqual(record.state, "draft")

    def test_who_may_import_and_with_whose_rights(self):
        record = self.check(self.rows)
        admin = self.env.ref("base.user_admin")
        for values in ({"state": "running"}, {"user_id": admin.id}):
            with self.assertRaises(AccessError):
                record.write(values)
        with self.assertRaises(AccessError):
            self.new_import(self.rows, user_id=admin.id)
        with self.assertRaises(AccessError):
            record.line_ids.write({"state": "created"})
        with self.assertRaises(AccessError):
            record.unlink()
        outsider = self._new_user("outsider", "base.group_user")
        with self.assertRaises(AccessError):
            record.with_user(outsider).read(["state"])
        record.with_user(self.user_manager).action_import()
        project = record.line_ids.lead_id
        self.assertEqual((record.user_id, project.create_uid), (self.user_manager, self.user_manager))

    def test_imports_stay_within_their_company(self):
        company = self.env["res.company"].create({"name": "Autre pôle"})
        record = self.new_import(self.rows)
        other = self._new_user("other_company", "pope_crm.group_pope_user")
        other.write({"company_ids": [Command.set(company.ids)], "company_id": company.id})
        self.assertFalse(self.env["pope.import"].with_user(other).search([("id", "=", record.id)]))
        self.assertFalse(self.env["pope.import.heading"].with_user(other).search([("import_id", "=", record.id)]))
        theirs = {"file": base64.b64encode(csv_bytes(self.rows)), "file_name": "x.csv"}
        with self.assertRaises(UserError):  # no pipeline there
            self.env["pope.import"].with_user(other).create(theirs).action_check()

    def test_the_file_and_the_names_are_erased_after_three_months(self):
        refused = ["A", "MAM", "Ici", "", "", "SOW", "Fatou", "fatou@example.org", ""]
        record = self.imported([HEAD, refused, ["B", "MAM", "Bondy"]])
        given_back = self.attachment_of(record.action_refused_file())
        self.env.flush_all()
        self.env.cr.execute("UPDATE pope_import SET write_date = %s", [datetime.now() - timedelta(days=91)])
        self.env.invalidate_all()
        self.env["pope.import"]._gc_files()
        self.assertFalse(record.file or given_back.exists())
        self.assertFalse(any(record.line_ids.mapped("label")) or any(record.line_ids.mapped("reason")))
        self.assertFalse(any(record.column_ids.mapped("sample")))
        self.assertEqual(record.line_ids.lead_id.name, "B", "what was imported is still known")
        with self.assertRaises(UserError):
            record.action_refused_file()

    @freeze_time("2026-03-10")
    def test_a_day_to_come_is_no_first_contact(self):
        record = self.check([["Projet", "Ville", "1er contact"], ["A", "Bondy", "12/03/2027"]])
        self.assertEqual(self.states(record), ["refused"])
