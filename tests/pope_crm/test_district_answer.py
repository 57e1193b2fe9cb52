"""Persons living in a QPV, places located in one: in, outside, or not checked; addresses out, answers in."""

import base64
import csv
import io
import random
from datetime import date, timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .test_district import DistrictCase


class AnswerCase(DistrictCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["pope.premises"].search([]).unlink()
        cls.env["pope.project.member"].search([]).unlink()
        cls.tilleuls, cls.canal = cls.env["pope.district"].create(
            [
                {
                    "code": code,
                    "name": name,
                    "insee_codes": towns,
                    "generation_id": cls.generation.id,
                }
                for code, name, towns in (
                    ("QN99901M", "Les Tilleuls - Gare", "93066 93072"),
                    ("QN99902M", "Le Canal", "93001"),
                )
            ]
        )
        cls.holders.write({"street": "8 allée des Tilleuls", "zip": "93200", "city": "Saint-Denis"})
        cls.project = cls.create_project(holders=cls.holders)
        cls.person = cls.holders[0]
        cls.premises = cls.env["pope.premises"].create(
            {"name": "27 rue de la République", "lead_id": cls.project.id, "town_id": cls.town.id, "is_chosen": True}
        )

    def answer(self, subject, district=None, **values):
        field = "premises_id" if subject._name == "pope.premises" else "partner_id"
        return self.env["pope.district.answer"].create(
            {
                field: subject.id,
                "state": "in" if district else "out",
                "district_id": district.id if district else False,
                **values,
            }
        )

    def share(self, records, domain):
        return tuple(self.env["pope.district"]._shares(records, domain))


@tagged("post_install", "-at_install")
class TestDistrictState(AnswerCase):
    def test_nobody_is_outside_until_somebody_looked(self):
        Partner = self.env["res.partner"]
        self.assertEqual(set(self.holders.mapped("pope_district_state")), {"unchecked"})
        self.assertEqual(self.premises.pope_district_state, "unchecked")
        self.assertEqual(self.project.pope_district_state, "unchecked")
        self.answer(self.holders[0], self.tilleuls)
        self.answer(self.holders[1])
        self.assertEqual(self.holders.mapped("pope_district_state"), ["in", "out", "unchecked"])
        for state, person in zip(("in", "out", "unchecked"), self.holders, strict=True):
            here = [("id", "in", self.holders.ids), ("pope_district_state", "=", state)]
            self.assertEqual(Partner.search(here), person)
            others = [("id", "in", self.holders.ids), ("pope_district_state", "!=", state)]
            self.assertEqual(Partner.search(others), (self.holders - person).sorted())

    def test_the_answer_says_which_district_how_when_and_under_which_list(self):
        answer = self.answer(self.person, self.tilleuls, method="told", date="2026-02-03")
        self.assertEqual(self.person.pope_district_id, self.tilleuls)
        self.assertEqual(answer.generation_id, self.generation)
        self.assertEqual((answer.method, answer.date), ("told", date(2026, 2, 3)))
        self.assertTrue(answer.is_current)

    def test_in_a_district_needs_the_district_and_outside_has_none(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.answer(self.person, state="in")
        self.assertFalse(self.answer(self.person, self.canal, state="out").district_id)
        with self.assertRaises(ValidationError):
            self.answer(self.person, premises_id=self.premises.id)
        with self.assertRaises(ValidationError):
            self.env["pope.district.answer"].create({"state": "out"})
        with self.assertRaises(ValidationError):
            self.answer(self.person, date=self.today() + timedelta(days=2))

    def test_a_changed_address_is_not_checked_any_more_and_its_answer_stays_in_the_history(self):
        for change in (
            {"street": "3 passage du Moulin"},
            {"street2": "Bâtiment C"},
            {"zip": "93210"},
            {"city": "Stains", "zip": "93240"},
            {"pope_town_id": False},
        ):
            person = self.person.copy({"name": str(change)})
            answer = self.answer(person, self.tilleuls)
            self.assertEqual(person.pope_district_state, "in")
            person.write(change)
            self.assertEqual(person.pope_district_state, "unchecked", change)
            self.assertFalse(person.pope_district_id)
            self.assertEqual(person.pope_district_answer_ids, answer)
            self.assertFalse(answer.is_current)
        self.answer(self.premises, self.tilleuls)
        self.premises.name = "29 rue de la République"
        self.assertEqual(self.premises.pope_district_state, "unchecked")
        self.answer(self.premises, self.tilleuls)
        self.premises.town_id = self.env["pope.town"].search([("insee_code", "=", "93001")])
        self.assertEqual(self.premises.pope_district_state, "unchecked")

    def test_another_spelling_of_the_same_address_is_the_same_address(self):
        self.answer(self.person, self.tilleuls)
        self.person.write({"street": "8, ALLEE DES TILLEULS ", "city": "St Denis", "phone": "01 02 03 04 05"})
        self.assertEqual(self.person.pope_district_state, "in")

    def test_an_address_that_the_company_of_a_contact_changes_counts_too(self):
        office = self.env["res.partner"].create({"name": "Association", "is_company": True, "street": "1 rue A"})
        self.person.write({"parent_id": office.id, "type": "contact"})
        self.answer(self.person, self.tilleuls)
        office.street = "2 rue B"
        self.assertEqual(self.person.street, "2 rue B")
        self.assertEqual(self.person.pope_district_state, "unchecked")

    def test_someone_who_may_not_read_the_answer_changes_the_address_all_the_same(self):
        self.answer(self.person, self.tilleuls)
        seller = self._new_user("vendeuse_qpv", "sales_team.group_sale_salesman,base.group_partner_manager")
        self.person.with_user(seller).street = "99 rue d'Ailleurs"
        self.assertEqual(self.person.pope_district_state, "unchecked")
        self.assertNotIn("pope_district_state", self.env["res.partner"].with_user(seller).fields_get())

    def test_a_later_answer_replaces_the_former_and_a_mistake_is_withdrawn(self):
        first = self.answer(self.person, self.tilleuls, date="2026-01-10")
        second = self.answer(self.person, date="2026-02-10")
        self.assertEqual(self.person.pope_district_state, "out")
        second.with_user(self.user_pope).action_withdraw()
        self.assertEqual(self.person.pope_district_answer_id, first)
        first.action_withdraw()
        self.assertEqual(self.person.pope_district_state, "unchecked")
        self.assertEqual(len(self.person.pope_district_answer_ids), 2)

    def test_an_anonymised_person_still_counts_in_their_district(self):
        answer = self.answer(self.person, self.tilleuls)
        self.person.with_user(self.user_manager).action_pope_anonymise()
        self.assertFalse(self.person.street)
        self.assertEqual(self.person.pope_town_id, self.town)
        self.env.add_to_compute(self.person._fields["pope_district_answer_id"], self.person)
        self.assertEqual(self.person.pope_district_answer_id, answer)
        self.person.street = "3 passage du Moulin"
        self.assertEqual(self.person.pope_district_state, "unchecked")

    def test_merging_contacts_keeps_town_and_answer(self):
        double = self.env["res.partner"].create(
            {"name": "Awa D.", "street": "8 allée des Tilleuls", "zip": "93200", "city": "Saint-Denis"}
        )
        self.answer(double, self.tilleuls)
        other = self.env["res.partner"].create({"name": "Chloé", "pope_town_id": self.town.id})
        nowhere = self.env["res.partner"].create({"name": "Chloé"})
        merge = self.env["base.partner.merge.automatic.wizard"]
        merge._merge((self.person | double).ids, self.person)
        self.assertEqual(self.person.pope_district_id, self.tilleuls)
        merge._merge((other | nowhere).ids, nowhere)
        self.assertEqual(nowhere.pope_town_id, self.town)

    def test_a_user_notes_the_answer_from_the_person(self):
        action = self.person.with_user(self.user_pope).action_pope_district_answer()
        form = Form(self.env["pope.district.answer"].with_user(self.user_pope).with_context(**action["context"]))
        form.state = "in"
        form.district_id = self.tilleuls
        form.method = "map"
        answer = form.save()
        self.assertEqual(answer.partner_id, self.person)
        self.assertEqual(self.person.pope_district_id, self.tilleuls)

    def test_persons_and_places_are_two_figures_with_their_denominators(self):
        Partner, Lead, District = (self.env[name] for name in ("res.partner", "crm.lead", "pope.district"))
        figures = {
            "pope_opening_date": "2026-01-05",
            "pope_places": 12,
            "pope_childminder_count": 3,
            "pope_job_count": 2,
            "stage_id": self.stage_open.id,
        }
        self.project.write(figures)
        addressless = self.create_project("Sans adresse", holders=self.holders[:1], **figures)
        self.answer(self.holders[0], self.canal)
        self.answer(self.holders[1])
        people = Domain("id", "in", self.holders.ids) & Partner._pope_district_people()
        places = Domain("id", "in", (self.project | addressless).ids) & Lead._pope_district_places()
        self.assertEqual(self.share(Partner, people), (1, 1, 1))
        self.assertEqual(self.share(Lead, places), (0, 0, 2))
        self.answer(self.premises, self.tilleuls)
        self.assertEqual(self.share(Lead, places), (1, 0, 1))
        self.assertEqual(self.share(Partner, people), (1, 1, 1))
        label = District.with_context(lang="fr_FR")._share_label(District._shares(Partner, people))
        self.assertEqual(label, "1 en QPV sur 2 vérifié·es (non vérifié·es : 1)")
        nobody = District._shares(Partner, people & Domain("id", "=", self.holders[2].id))
        label = District.with_context(lang="fr_FR")._share_label(nobody)
        self.assertEqual(label, "aucune vérification (non vérifié·es : 1)")
        self.assertEqual((self.tilleuls.person_count, self.tilleuls.place_count), (0, 1))
        self.assertEqual((self.canal.person_count, self.canal.place_count), (1, 0))

    def test_groups_of_a_pivot_are_those_of_a_filter(self):
        self.answer(self.holders[0], self.tilleuls)
        self.answer(self.premises, self.tilleuls)
        second = self.create_project("Sans local")
        for model, domain in (
            ("res.partner", [("id", "in", self.holders.ids)]),
            ("crm.lead", [("id", "in", (self.project | second).ids)]),
            ("pope.premises", []),
        ):
            records = self.env[model].with_user(self.user_pope)
            for field in ("pope_district_state", "pope_district_id"):
                self.assertTrue(records.fields_get([field])[field]["groupable"], (records._name, field))
                groups = records.formatted_read_group(domain, [field], ["__count"])
                self.assertTrue(groups)
                for group in groups:
                    found = records.search_count([*domain, *group["__extra_domain"]])
                    self.assertEqual(found, group["__count"], group)

    def test_the_card_and_the_form_of_a_project_tell_the_district_of_its_place(self):
        self.answer(self.premises, self.tilleuls)
        project = self.project.with_user(self.user_pope)
        self.assertEqual((project.pope_district_state, project.pope_district_id), ("in", self.tilleuls))
        other = self.env["pope.premises"].create({"name": "3 avenue B", "lead_id": project.id})
        other.action_choose()
        self.assertEqual(project.pope_district_state, "unchecked")

    def queries(self, records, fields_spec):
        """How many a user's list needs, once what never changes is known."""
        for _round in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            records.with_user(self.user_pope).web_read(fields_spec)
        return self.env.cr.sql_log_count - before

    def test_lists_read_states_in_the_same_number_of_queries(self):
        counts = {}
        for size in (10, 100):
            people = self.env["res.partner"].create([{"name": f"P {n}", "city": "Stains"} for n in range(size)])
            projects = self.env["crm.lead"].create(
                [{"type": "project", "name": f"M {n}", "pope_town_id": self.town.id} for n in range(size)]
            )
            places = self.env["pope.premises"].create(
                [{"name": f"{n} rue A", "lead_id": lead.id, "is_chosen": True} for n, lead in enumerate(projects)]
            )
            for records, field in ((people, "partner_id"), (places, "premises_id")):
                self.env["pope.district.answer"].create(
                    [{field: record.id, "state": "in", "district_id": self.canal.id} for record in records]
                )
            spec = {"pope_district_state": {}, "pope_district_id": {"fields": {"display_name": {}}}}
            for records in (people, projects, places):
                counts.setdefault(records._name, []).append(self.queries(records, spec))
        for model, (few, many) in counts.items():
            self.assertEqual(few, many, model)

    def test_towns_tell_their_shares_in_the_same_number_of_queries(self):
        self.answer(self.person, self.tilleuls)
        towns = self.env["pope.town"].search([])
        spec = {"person_share": {}, "place_share": {}, "district_ids": {}}
        self.assertEqual(self.queries(towns[:3], spec), self.queries(towns, spec))
        self.assertIn("1 ", self.town.person_share)

    def test_addresses_changed_in_bulk_cost_the_same_number_of_queries(self):
        counts = []
        for size in (10, 100):
            people = self.env["res.partner"].create([{"name": f"P {n}", "city": "Stains"} for n in range(size)])
            self.env["pope.district.answer"].create([{"partner_id": person.id, "state": "out"} for person in people])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            people._compute_pope_district_answer_id()
            people._compute_pope_town_id()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_answers_of_another_company_are_not_seen(self):
        other = self.env["res.company"].create({"name": "Autre pôle"})
        stranger = self.env["res.partner"].create({"name": "Ailleurs", "company_id": other.id})
        answer = self.answer(stranger, self.canal)
        mine = self.answer(self.person, self.canal)
        seen = self.env["pope.district.answer"].with_user(self.user_pope).search([("id", "in", (answer | mine).ids)])
        self.assertEqual(seen, mine)


@tagged("post_install", "-at_install")
class TestAddressesOutAnswersIn(AnswerCase):
    def addresses(self, **values):
        wizard = self.env["pope.address.check"].with_user(self.user_pope).create(values)
        wizard.action_export()
        text = base64.b64decode(wizard.data).decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text), delimiter=";"))

    def open_return(self, rows, titles=("reference", "code_qpv", "nom_qpv"), **values):
        text = io.StringIO()
        csv.writer(text, delimiter=";").writerows([titles, *rows])
        wizard = (
            self.env["pope.address.return"]
            .with_user(self.user_pope)
            .with_context(lang="fr_FR")
            .create({"data": base64.b64encode(text.getvalue().encode()), "filename": "retour.csv", **values})
        )
        wizard.action_read()
        return wizard

    def reference(self, subject):
        return self.env["pope.district.answer"]._reference(subject)

    def outcomes(self, wizard):
        return [(line.row, line.outcome) for line in wizard.line_ids.sorted("row")]

    def test_addresses_go_out_alone(self):
        self.person.write({"street2": "chez Mme Diallo", "street": "chez Mme Diallo, 8 allée des Tilleuls"})
        self.holders[1].write({"street": "=cmd|'/c calc'!A1"})
        rows = self.addresses()
        self.assertEqual(list(rows[0]), ["reference", "adresse", "code_postal", "commune", "code_insee"])
        self.assertEqual(len(rows), 4)
        everything = str(rows)
        for secret in ("Diallo", "Awa", "example.org", "34 56", "=cmd"):
            self.assertNotIn(secret, everything)
        self.assertEqual(
            rows[0],
            {
                "reference": self.reference(self.person),
                "adresse": "8 allée des Tilleuls",
                "code_postal": "93200",
                "commune": "Saint-Denis",
                "code_insee": "93066",
            },
        )
        self.assertEqual(rows[-1]["adresse"], "27 rue de la République")

    def test_only_what_nobody_checked_goes_out_and_what_is_incomplete_is_counted(self):
        self.answer(self.holders[0], self.tilleuls)
        self.answer(self.holders[1])
        self.holders[2].street = False
        wizard = self.env["pope.address.check"].with_user(self.user_pope).create({})
        self.assertEqual((wizard.address_count, wizard.incomplete_count), (1, 1))
        self.assertEqual([row["reference"][0] for row in self.addresses()], ["L"])
        with self.assertRaises(UserError):
            self.addresses(with_places=False)
        self.assertIn("1", wizard.person_share)

    def test_an_answer_comes_back_in_after_its_report(self):
        rows = [
            (self.reference(self.holders[0]), "QN99901M", "Les Tilleuls - Gare"),
            (self.reference(self.holders[1]).lower(), "hors QPV", ""),
            (self.reference(self.holders[2]), "", ""),
            (self.reference(self.premises), "", "le canal"),
        ]
        wizard = self.open_return(rows, date="2026-02-01")
        self.assertEqual(self.outcomes(wizard), [(2, "in"), (3, "out"), (4, "unknown"), (5, "in")])
        self.assertFalse(self.env["pope.district.answer"].search([]))
        wizard.action_apply()
        self.assertEqual(self.holders.mapped("pope_district_state"), ["in", "out", "unchecked"])
        self.assertEqual(self.premises.pope_district_id, self.canal)
        answer = self.person.pope_district_answer_id
        self.assertEqual((answer.method, answer.date), ("batch", date(2026, 2, 1)))
        self.assertEqual(answer.generation_id, self.generation)
        again = self.open_return(rows)
        self.assertEqual(again.change_count, 0)
        self.assertIn("Rien ne change", again.summary)

    def test_an_empty_district_means_outside_only_when_the_user_says_so(self):
        rows = [(self.reference(self.person), "", "")]
        self.assertEqual(self.outcomes(self.open_return(rows)), [(2, "unknown")])
        wizard = self.open_return(rows, empty_means="outside")
        self.assertEqual(self.outcomes(wizard), [(2, "out")])

    def test_an_address_that_the_tool_did_not_find_is_never_outside(self):
        wizard = self.open_return(
            [(self.reference(self.person), "", "", "Adresse non trouvée")],
            titles=("reference", "code_qpv", "nom_qpv", "statut"),
            empty_means="outside",
        )
        self.assertEqual(self.outcomes(wizard), [(2, "unknown")])

    def test_what_cannot_be_taken_is_refused_with_its_reason(self):
        moved = self.reference(self.holders[1])
        self.holders[1].street = "3 passage du Moulin"
        self.env["pope.district"].create(
            {
                "code": "QP999001",
                "name": "Ancien",
                "generation_id": self.env["pope.district.generation"]
                .create({"name": "Liste 2015", "date_start": "2015-01-01"})
                .id,
            }
        )
        good = self.reference(self.person)
        rows = [
            ("", "QN99901M"),
            ("P1-ABCDEFABCDEF", "QN99901M"),
            ("P999999999-ABCDEFABCDEF", "QN99901M"),
            ("n'importe quoi", "QN99901M"),
            (moved, "QN99901M"),
            (self.reference(self.holders[2]), "QN88888M"),
            (self.reference(self.premises), "QP999001"),
            (good, "QN99901M"),
            (good, "QN99902M"),
        ]
        wizard = self.open_return(rows, titles=("reference", "code_qpv"))
        lines = {line.row: line for line in wizard.line_ids}
        self.assertEqual([row for row in lines if lines[row].outcome != "refused"], [9])
        self.assertIn("adresse a changé", lines[6].reason)
        self.assertIn("QN88888M", lines[7].reason)
        self.assertIn("Liste 2015", lines[8].reason)
        self.assertIn("ligne 9", lines[10].reason)
        wizard.action_apply()
        self.assertEqual(self.person.pope_district_id, self.tilleuls)
        self.assertEqual(len(self.env["pope.district.answer"].search([])), 1)

    def test_an_older_answer_does_not_undo_a_later_one(self):
        self.answer(self.person, date="2026-03-01")
        wizard = self.open_return([(self.reference(self.person), "QN99901M", "")], date="2026-02-01")
        self.assertEqual(self.outcomes(wizard), [(2, "refused")])

    def test_titles_of_the_tool_are_proposed_and_can_be_corrected(self):
        rows = [("8 allée", self.reference(self.person), "93200", "QN99901M")]
        wizard = self.open_return(rows, titles=("Adresse", "Référence", "CP", "Code QP"))
        self.assertEqual(self.outcomes(wizard), [(2, "in")])
        wizard = self.open_return(rows, titles=("a", "b", "c", "d"))
        self.assertIn("Référence", wizard.summary)
        wizard.column_reference_id, wizard.column_code_id = wizard.column_ids[1], wizard.column_ids[3]
        wizard.action_check()
        self.assertEqual(self.outcomes(wizard), [(2, "in")])
        self.assertIn("QN99901M", wizard.column_code_id.display_name)

    def test_a_choice_that_changed_is_seen_before_it_is_done(self):
        wizard = self.open_return(
            [(self.reference(self.person), "QN99901M", ""), (self.reference(self.premises), "", "")]
        )
        form = Form(wizard)
        form.empty_means = "outside"
        self.assertEqual(form.change_count, 0, "the button that does it is hidden")
        self.assertIn("revoyez", form.summary)
        form.save().action_check()
        self.assertEqual(self.outcomes(wizard), [(2, "in"), (3, "out")])

    def test_a_user_takes_in_no_answer_about_whom_they_may_not_see(self):
        other = self.env["res.company"].create({"name": "Autre pôle"})
        stranger = self.env["res.partner"].create({"name": "Ailleurs", "company_id": other.id})
        wizard = self.open_return([(self.reference(stranger), "QN99901M", "")])
        self.assertEqual(self.outcomes(wizard), [(2, "refused")])
        self.assertNotIn("Ailleurs", wizard.line_ids.label)

    def test_hostile_rows_never_stop_the_good_ones(self):
        chance = random.Random(11)
        people = self.env["res.partner"].create([{"name": f"P {n}", "street": f"{n} rue A"} for n in range(500)])
        nasty = [
            "",
            " ",
            "\0",
            "=1+1",
            '"',
            "P0-",
            "P-1",
            "L1-000000000000",
            "P99999999999999999999-ABCDEFABCDEF",
            "🙂" * 99,
        ]
        nasty += [
            "QN99901M",
            "QN",
            "hors",
            "<b>",
            "%s",
            "{{7*7}}",
            "None",
            "1e309",
            self.reference(people[0]),
            "\u202e",
        ]
        rows = []
        for person in people:
            rows += [tuple(chance.choice(nasty) for _cell in range(chance.randint(0, 5))) for _row in range(4)]
            rows.append((self.reference(person), chance.choice(("QN99901M", "QN99902M", "non")), ""))
        wizard = self.open_return(rows)
        wizard.action_apply()
        self.assertNotIn("unchecked", people[1:].mapped("pope_district_state"))
        self.assertTrue(all(line.reason for line in wizard.line_ids if line.outcome == "refused"))
        self.assertEqual(self.open_return(rows).change_count, 0)

    def test_the_number_of_queries_does_not_follow_the_number_of_rows(self):
        counts = []
        for size in (10, 100):
            people = self.env["res.partner"].create([{"name": f"P {n}", "city": "Stains"} for n in range(size)])
            rows = [(n, {"reference": self.reference(person), "code": "QN99901M"}) for n, person in enumerate(people)]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["pope.district.answer"]._take_answers(rows, self.generation, self.today(), False, apply=True)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1, counts)
