import io
from datetime import date, timedelta

from openpyxl import load_workbook
from psycopg2 import IntegrityError

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import NotificationCase

YEAR = 2026


@tagged("post_install", "-at_install")
class TestFigures(NotificationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # a company of its own: nothing of the demo is in its figures
        cls.pole = cls.env["res.company"].create({"name": "Pôle voisin"})
        team = cls.env["crm.team"].create(
            {"name": "Incubateur", "company_id": cls.pole.id, "pope_lead_type": "project", "member_ids": []}
        )
        cls.stages.team_ids += team
        users = cls.user_pope | cls.user_manager | cls.env.user
        users.write({"company_ids": [Command.link(cls.pole.id)]})
        (cls.user_pope | cls.user_manager).company_id = cls.pole
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.pole.ids})
        cls.Figures = cls.env["pope.figures"]
        cls.Opening = cls.env["pope.opening.figure"]
        cls.holders = cls.env["res.partner"].browse(cls.holders.ids)
        cls.mam = cls.structure_type

    def setUp(self):
        super().setUp()
        self.at(self.now)

    def project(self, name="MAM Les Petits Pas", holders=None, entry=date(2026, 1, 5), **values):
        holders = self.holders[:1] if holders is None else holders
        members = [Command.create({"partner_id": person.id, "date_entry": entry}) for person in holders]
        return self.create_project(name, pope_member_ids=members, company_id=self.pole.id, **values)

    def exchange(self, *people, day=date(2026, 2, 3), **values):
        return self.env["pope.interaction"].create(
            {
                "kind": "call",
                "minutes": 30,
                "date": day,
                "partner_ids": [Command.set([person.id for person in people])],
                "company_id": self.pole.id,
                **values,
            }
        )

    def page(self, year=YEAR, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        Figures = self.Figures.with_user(user or self.user_pope).with_context(lang="fr_FR")
        return {figure["code"]: figure for group in Figures.get_page(year)["groups"] for figure in group["figures"]}

    def people(self, year=YEAR):
        """New, active and since the beginning; first contacts."""
        page = self.page(year)
        return tuple(page[code]["value"] for code in ("people_new", "people_active", "people_since", "first_contacts"))

    def rows_of(self, cell):
        action = cell["action"]
        Model = self.env[action["res_model"]].with_user(self.user_pope).with_context(**action["context"])
        return Model.search_count(action["domain"])

    # --- Persons ---

    def test_a_first_contact_is_not_accompanied_an_exchange_is(self):
        project = self.project()
        self.assertEqual(self.people(), (0, 0, 0, 1))
        self.exchange(self.holders[0], lead_id=project.id)
        self.assertEqual(self.people(), (1, 1, 1, 1))
        self.exchange(self.holders[0], self.holders[1], lead_id=project.id)
        self.assertEqual(self.people(), (2, 2, 2, 1), "a person counts once, a guest without project counts too")

    def test_a_person_is_new_once_and_active_each_year(self):
        self.exchange(self.holders[0], day=date(2024, 5, 6))
        self.exchange(self.holders[0])
        self.exchange(self.holders[1])
        self.assertEqual(self.people(2024)[:3], (1, 1, 1))
        self.assertEqual(self.people(2025)[:3], (0, 0, 1))
        self.assertEqual(self.people(2026)[:3], (1, 2, 2))

    def test_a_project_counts_its_holders_from_diagnosis_on(self):
        project = self.project(holders=self.holders[:2])
        project.stage_id = self.stage_meeting
        self.assertEqual(self.people()[1], 0)
        project.stage_id = self.stage_diagnosis
        self.assertEqual(project.pope_accompanied_date, date(2026, 3, 10))
        self.assertEqual(self.people()[1], 2)
        project.stage_id = self.stage_contact
        self.assertEqual(self.people()[1], 0, "a card moved by mistake counts nobody once it is moved back")
        self.at(self.now + timedelta(days=40))
        project.stage_id = self.stages[4]
        self.assertEqual(project.pope_accompanied_date, date(2026, 3, 10), "the first entry stays")
        self.assertEqual(self.people()[1], 2)

    def test_the_interview_dates_the_accompaniment(self):
        past = self.project(stage_id=self.stages[5].id, pope_interview_date=date(2023, 6, 1), entry=False)
        self.assertEqual(past.pope_accompanied_date, date(2023, 6, 1))
        self.assertEqual(self.people()[:3], (0, 0, 1))
        self.assertEqual(self.people(2023)[:3], (1, 1, 1))

    def test_who_joins_later_counts_from_that_day_and_who_left_before_does_not(self):
        project = self.project(holders=self.holders, entry=date(2024, 1, 5))
        project.pope_member_ids[1].date_entry = date(2026, 3, 1)
        project.pope_member_ids[2].date_exit = date(2024, 2, 1)
        project.write({"pope_interview_date": date(2025, 1, 15), "stage_id": self.stage_diagnosis.id})
        self.assertEqual(self.people()[:3], (1, 1, 2))
        self.assertEqual(self.people(2025)[:3], (1, 1, 1))

    def test_an_attended_meeting_is_an_act(self):
        project = self.project(pope_meeting_date="2026-02-10 13:00:00")
        self.assertEqual(self.people()[1], 0)
        project.pope_meeting_attended = True
        self.assertEqual(self.people()[1], 1)

    def test_people_of_institutions_are_met_not_accompanied(self):
        role = self.env["pope.partner.role"].search([("kind", "=", "authority")], limit=1)
        office = self.env["res.partner"].create({"name": "PMI", "is_company": True, "pope_role_ids": role.ids})
        nurse = self.env["res.partner"].create({"name": "Puéricultrice", "parent_id": office.id})
        self.exchange(self.holders[0], nurse, office)
        self.assertEqual(self.people()[1], 1)
        self.project(holders=nurse)
        self.assertEqual(self.people()[1], 2, "she carries a project now")

    def test_each_figure_moves_or_stays_when_a_record_is_added_merged_blanked_or_removed(self):
        twin = self.env["res.partner"].create({"name": "Awa DIALLO"})
        project = self.project(stage_id=self.stage_diagnosis.id)
        noted = self.exchange(twin, lead_id=project.id)
        self.assertEqual(self.people(), (2, 2, 2, 1))
        self.env["base.partner.merge.automatic.wizard"].create({})._merge((twin | self.holders[0]).ids, self.holders[0])
        self.assertEqual(self.people(), (1, 1, 1, 1))
        self.holders[0].write({"name": "Personne anonymisée", "email": False, "phone": False, "active": False})
        self.assertEqual(self.people(), (1, 1, 1, 1))
        self.assertEqual(self.rows_of(self.page()["people_active"]), 1)
        self.assertEqual((self.page()["exchanges"]["value"], self.page()["hours"]["value"]), (1, 0.5))
        noted.unlink()
        self.assertEqual(self.people(), (1, 1, 1, 1), "the project still counts")
        self.assertEqual((self.page()["exchanges"]["value"], self.page()["hours"]["value"]), (0, 0))
        project._pope_close(self.env.ref("pope_crm.lost_reason_training"))
        self.assertEqual(self.people(), (1, 1, 1, 1), "a reoriented project was accompanied")
        self.assertEqual(self.page()["projects"]["value"], 0)
        project.unlink()
        self.assertEqual(self.people(), (0, 0, 0, 0))

    def test_merged_projects_are_accompanied_since_the_first(self):
        first = self.project(stage_id=self.stage_diagnosis.id, pope_interview_date=date(2024, 1, 10))
        second = self.project("Doublon", stage_id=self.stages[4].id, pope_interview_date=date(2026, 1, 10))
        head = (first | second)._pope_merge_into(second)
        self.assertEqual(head.pope_accompanied_date, date(2024, 1, 10))

    def test_homes_are_told_with_their_denominator(self):
        district = self.env["pope.district"].search([("generation_id.date_end", "=", False)], limit=1)
        if not district:
            generation = self.env["pope.district.generation"].search([("date_end", "=", False)], limit=1)
            district = self.env["pope.district"].create(
                {"code": "QN09399Z", "name": "Quartier d'essai", "generation_id": generation.id}
            )
        self.holders.write({"pope_town_id": self.town.id})
        Answer = self.env["pope.district.answer"]
        Answer.create({"partner_id": self.holders[0].id, "state": "in", "district_id": district.id})
        Answer.create({"partner_id": self.holders[1].id, "state": "out"})
        self.exchange(*self.holders)
        homes = self.page()["people_homes"]
        self.assertEqual([cell["value"] for cell in homes["rows"][0]["cells"]], [1, 1, 1, 3])
        self.assertEqual([cell["value"] for cell in homes["rows"][-1]["cells"]], [1, 1, 1, 3])
        self.assertIn("50 %", homes["value"])
        self.assertIn("1 sur 2", homes["value"])
        self.assertEqual(self.page()["towns"]["value"], 1)

    def test_every_figure_has_a_definition_and_opens_its_rows(self):
        self.holders[0].pope_town_id = self.town
        for number, stage in enumerate(self.stages[:6]):
            self.project(f"MAM {number}", holders=self.holders[number % 3], stage_id=stage.id)
        self.exchange(*self.holders[:2])
        opened = self.opened(date(2025, 2, 1))
        opened.pope_followup_ids.filtered(lambda followup: followup.months == 12).write(
            {"state": "answered", "status": "open"}
        )
        sums = {"hours", "places", "childminders", "jobs"}
        seen = 0
        for code, figure in self.page().items():
            self.assertGreater(len(figure["definition"]), 20, code)
            cells = [cell for row in figure.get("rows", []) for cell in row["cells"]]
            if code not in sums and isinstance(figure["value"], int | float):
                cells.append(figure)
            for cell in cells:
                if cell["action"]:
                    self.assertEqual(self.rows_of(cell), cell["value"], (code, cell))
                    seen += bool(cell["value"])
        self.assertGreater(seen, 20)

    # --- Openings, survival, stages ---

    def opened(self, day, **values):
        return self.project(
            "MAM ouverte",
            stage_id=self.stage_open.id,
            pope_opening_date=day,
            pope_places=12,
            pope_childminder_count=3,
            **values,
        )

    def test_openings_places_and_jobs_of_the_year_and_since(self):
        self.opened(date(2025, 2, 1))
        self.opened(date(2026, 2, 1), pope_job_count=1.5)
        page = self.page()
        self.assertEqual([cell["value"] for cell in page["openings"]["rows"][0]["cells"]], [1, 2])
        self.assertEqual((page["places"]["value"], page["childminders"]["value"], page["jobs"]["value"]), (12, 3, 1.5))
        self.assertIn("24", page["places"]["detail"])
        self.Opening.create(
            {
                "figure": "openings",
                "structure_type_id": self.mam.id,
                "value": 14,
                "date": date(2025, 12, 31),
                "source": "Rapport 2025",
                "company_id": self.pole.id,
            }
        )
        row = self.page()["openings"]["rows"][0]
        self.assertEqual([cell["value"] for cell in row["cells"]], [1, 15], "what it counts already is not added")
        self.assertEqual(self.rows_of(row["cells"][1]), 1)
        self.assertIn("Rapport 2025", row["detail"])
        before = self.page(2025)["openings"]["rows"][0]
        self.assertEqual([cell["value"] for cell in before["cells"]], [1, 14])

    def test_a_published_total_is_added_and_makes_no_contact(self):
        contacts = self.env["res.partner"].search_count([])
        self.exchange(self.holders[0], day=date(2025, 5, 1))
        self.exchange(self.holders[1])
        self.Opening.create(
            {
                "figure": "accompanied",
                "value": 248,
                "date": date(2025, 12, 31),
                "source": "Rapport d'activité",
                "company_id": self.pole.id,
            }
        )
        self.assertEqual(self.people()[:3], (1, 1, 249))
        self.assertEqual(self.people(2024)[:3], (0, 0, 0), "not told of a year before it")
        self.assertEqual(self.rows_of(self.page()["people_since"]), 1)
        self.assertEqual(self.env["res.partner"].search_count([]), contacts)

    def test_a_published_total_must_make_sense(self):
        values = {"figure": "accompanied", "value": 3, "date": date(2025, 1, 1), "source": "Rapport"}
        self.Opening.create(values)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.Opening.create(values)
        for wrong in ({"figure": "openings"}, {"figure": "places", "date": date(2027, 1, 1)}):
            with self.assertRaises(ValidationError):
                self.Opening.create({**values, **wrong})

    def test_survival_is_out_of_the_answers_known(self):
        places = [self.opened(date(2024, 2, 1)) for _number in range(3)]
        self.opened(date(2026, 2, 1))
        at_12 = [place.pope_followup_ids.filtered(lambda followup: followup.months == 12) for place in places]
        at_12[0].write({"state": "answered", "status": "moved"})
        at_12[1].write({"state": "answered", "status": "closed"})
        survival = self.page()["survival"]
        self.assertEqual([cell["value"] for cell in survival["rows"][0]["cells"]], [1, 2, 3])
        self.assertEqual([cell["value"] for cell in survival["rows"][1]["cells"]], [0, 0, 0])
        self.assertIn("50 %", survival["value"])

    def test_conversion_and_time_by_stage_from_the_moves(self):
        projects = [self.project(f"MAM {number}") for number in range(4)]
        self.env.cr.precommit.run()
        self.env.flush_all()
        for number, project in enumerate(projects[:3]):
            project.stage_id = self.stage_meeting
            self.env.cr.precommit.run()
            value = self.env["mail.tracking.value"].search([("mail_message_id.res_id", "=", project.id)], limit=1)
            self.env.cr.execute(
                "UPDATE mail_tracking_value SET create_date = %s WHERE id = %s",
                (project.create_date + timedelta(days=10 * (number + 1)), value.id),
            )
        projects[0].stage_id = self.stage_diagnosis
        projects[1]._pope_close(self.env.ref("pope_crm.lost_reason_training"))
        self.env.cr.precommit.run()
        rows = [[cell["value"] for cell in row["cells"]] for row in self.page()["stages"]["rows"]]
        self.assertEqual(rows[0], [4, 3, "75 %", 20])
        self.assertEqual(rows[1][:3], [3, 1, "33 %"])
        self.assertEqual(rows[2][:3], [1, 0, "0 %"])
        self.assertEqual(rows[-1][1:3], ["—", "—"])
        projects[0].stage_id = self.stage_contact
        self.env.cr.precommit.run()
        rows = [[cell["value"] for cell in row["cells"]] for row in self.page()["stages"]["rows"]]
        self.assertEqual(rows[2][0], 1, "one day it was there")
        self.assertEqual(projects[0].pope_furthest_stage_id, self.stage_diagnosis)
        for row in self.page()["stages"]["rows"]:
            for cell in filter(lambda cell: cell["action"], row["cells"]):
                found = self.env["crm.lead"].with_context(**cell["action"]["context"])
                self.assertEqual(found.search_count(cell["action"]["domain"]), cell["value"], row["label"])

    def test_projects_today_by_stage_and_type(self):
        self.project()
        self.project("Deuxième", stage_id=self.stage_diagnosis.id)
        self.opened(date(2026, 2, 1))
        projects = self.page()["projects"]
        self.assertEqual(projects["value"], 2)
        self.assertEqual([row["cells"][-1]["value"] for row in projects["rows"]], [1, 1])

    # --- The page ---

    def test_the_page_costs_the_same_for_10_and_100(self):
        def cost(count):
            people = self.env["res.partner"].create(
                [{"name": f"P{n}", "pope_town_id": self.town.id} for n in range(count)]
            )
            for person in people:
                project = self.project(f"MAM {person.id}", holders=person, stage_id=self.stage_diagnosis.id)
                self.exchange(person, lead_id=project.id)
            self.page()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.Figures.with_user(self.user_pope).get_page(YEAR)
            return self.env.cr.sql_log_count - before

        ten = cost(10)
        self.assertEqual(cost(100), ten)
        self.assertLessEqual(ten, 45)

    def test_figures_are_those_of_the_current_company(self):
        self.exchange(self.holders[0])
        self.exchange(self.holders[1], company_id=self.company.id)
        both = (self.pole | self.company).ids
        Figures = self.Figures.with_user(self.user_pope).with_context(allowed_company_ids=both)
        figures = {f["code"]: f["value"] for group in Figures.get_page(YEAR)["groups"] for f in group["figures"]}
        self.assertEqual(figures["people_active"], 1)
        stranger = self._new_user("x_other", "pope_crm.group_pope_user")
        acts = self.env["pope.accompaniment"].with_user(stranger).with_context(allowed_company_ids=self.company.ids)
        self.assertNotIn(self.pole, acts.search([]).company_id)

    def test_only_our_users_read_and_only_managers_type_totals(self):
        values = {"figure": "accompanied", "value": 3, "date": date(2025, 1, 1), "source": "Rapport"}
        with self.assertRaises(AccessError):
            self.Opening.with_user(self.user_pope).create(values)
        total = self.Opening.with_user(self.user_manager).create(values)
        self.assertEqual(total.with_user(self.user_pope).value, 3)
        for login, group in (("por", "base.group_portal"), ("pub", "base.group_public"), ("emp", "base.group_user")):
            user = self._new_user(f"x_{login}", group)
            with self.assertRaises(AccessError):
                self.Figures.with_user(user).get_page(YEAR)
            with self.assertRaises(AccessError):
                self.Figures.with_user(user).action_download(YEAR)
            for model in ("pope.accompaniment", "pope.opening.figure"):
                self.assertFalse(self.env[model].with_user(user).has_access("read"), (group, model))
        self.assertFalse(self.env["pope.accompaniment"].with_user(self.user_manager).has_access("write"))

    # --- The workbook ---

    def workbook(self):
        self.env.flush_all()
        self.env.invalidate_all()
        Figures = self.Figures.with_user(self.user_pope).with_context(lang="fr_FR")
        address = Figures.action_download(YEAR)["url"]
        attachment = self.env["ir.attachment"].browse(int(address.split("/")[3].split("?")[0]))
        sheet = load_workbook(io.BytesIO(attachment.raw)).worksheets[0]
        return attachment, [[cell.value for cell in row] for row in sheet.iter_rows()]

    def test_the_workbook_hides_small_counts_of_persons_only(self):
        for number in range(6):
            self.exchange(self.env["res.partner"].create({"name": f"P{number}", "pope_town_id": self.town.id}))
        self.exchange(self.holders[0])
        self.project(holders=self.holders[0])
        self.opened(date(2026, 2, 1))
        attachment, rows = self.workbook()
        values = {row[0]: row[1] for row in reversed(rows)}
        self.assertEqual(values["Personnes accompagnées dans l'année"], 7)
        self.assertEqual(values["Premiers contacts de l'année"], "masqué")
        self.assertEqual(values["Lieux qui ont ouvert"], 1)
        self.assertEqual(values["Places d'accueil ouvertes"], 12)
        homes = {row[0]: row[1:5] for row in rows[rows.index(next(r for r in rows if r[0] == "Commune")) :]}
        self.assertEqual(homes[self.town.name], ["masqué", "masqué", 6, "masqué"], "six, and of how many, would tell")
        self.assertEqual(homes["Commune inconnue"], ["masqué"] * 4)
        self.assertEqual(self.workbook()[0], attachment, "one file, renewed")
        self.assertTrue(any(row[3] and "acte d'accompagnement" in str(row[3]) for row in rows))

    def test_a_small_part_added_to_a_published_total_is_hidden(self):
        self.exchange(self.holders[0])
        self.Opening.create(
            {
                "figure": "accompanied",
                "value": 248,
                "date": date(2025, 12, 31),
                "source": "Rapport",
                "company_id": self.pole.id,
            }
        )
        values = {row[0]: row[1] for row in reversed(self.workbook()[1])}
        self.assertEqual(values["Personnes accompagnées depuis le début"], "masqué")

    def test_the_totals_of_two_years_tell_no_small_count(self):
        for number in range(6):
            self.exchange(self.env["res.partner"].create({"name": f"P{number}"}), day=date(2025, 3, 2))
        since = "Personnes accompagnées depuis le début"
        self.assertEqual({row[0]: row[1] for row in reversed(self.workbook()[1])}[since], 6, "nobody new")
        self.exchange(self.holders[0])
        self.assertEqual({row[0]: row[1] for row in reversed(self.workbook()[1])}[since], "masqué", "one new")

    def test_the_year_is_one_of_a_calendar(self):
        with self.assertRaises(UserError):
            self.Figures.with_user(self.user_pope).get_page("2026; DROP")
        self.assertIn(fields.Date.today().year, self.Figures.with_user(self.user_pope).get_page()["years"])
