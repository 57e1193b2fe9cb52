from datetime import date, timedelta

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common import PopeCase
from .test_privacy import PrivacyCase


@tagged("post_install", "-at_install")
class TestFundingScheme(PopeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.funder = cls.env["res.partner"].create({"name": "Caf de la Seine-Saint-Denis", "is_company": True})
        cls.project = cls.create_project()
        cls.scheme = cls.env["pope.funding.scheme"].create(
            {
                "name": "Fonds local",
                "partner_id": cls.funder.id,
                "nature": "investment",
                "rate_max": 0.8,
                "amount_max": 5000,
                "paper_ids": [
                    Command.create({"name": "Statuts", "sequence": 1}),
                    Command.create({"name": "RIB", "sequence": 2}),
                ],
            }
        )
        cls.start = cls.env.ref("pope_crm.scheme_start")
        cls.piaje = cls.env.ref("pope_crm.scheme_piaje")

    def create_funding(self, **values):
        return self.env["pope.funding"].create({"partner_id": self.funder.id, **values})

    def alerts(self, funding):
        funding.invalidate_recordset(["alert_note"])
        return (funding.with_context(lang="fr_FR").alert_note or "").split("\n")

    # --- Schemes ---

    def test_the_schemes_of_the_pole_are_there_without_a_contact_and_without_local_amounts(self):
        data = self.env["ir.model.data"].search([("module", "=", "pope_crm"), ("model", "=", "pope.funding.scheme")])
        schemes = self.env["pope.funding.scheme"].browse(data.mapped("res_id"))
        self.assertGreaterEqual(len(schemes), 12)
        self.assertTrue(all(data.mapped("noupdate")))
        self.assertFalse(any(schemes.mapped("amount_max")))
        for scheme in schemes.filtered("rate_max"):
            self.assertTrue(scheme.amounts_version and scheme.amounts_date, scheme.name)
        self.assertTrue(self.env.ref("pope_crm.scheme_ptce").without_money)
        evaluation = self.env.ref("pope_crm.scheme_fonjep_due_evaluation")
        self.assertEqual((evaluation.anchor, evaluation.months), ("agreement_end", -6))
        shipped = self.env["ir.model.data"].search([("module", "=", "pope_crm"), ("model", "=", "res.partner")])
        self.assertFalse(shipped.filtered(lambda row: not row.name.startswith("demo_")))

    def test_exclusion_holds_both_ways_and_is_taken_back_from_either_side(self):
        self.assertIn(self.start, self.piaje.exclusive_ids)
        self.assertIn(self.piaje, self.start.exclusive_ids)
        self.start.exclusive_ids -= self.piaje
        self.assertNotIn(self.start, self.piaje.exclusive_ids)
        self.piaje.exclusive_ids = self.start | self.scheme
        self.assertEqual(self.start.exclusive_ids, self.piaje)
        self.assertEqual(self.scheme.exclusive_ids, self.piaje)
        self.scheme.exclusive_ids = False
        self.assertEqual(self.piaje.exclusive_ids, self.start)

    @freeze_time("2026-03-10")
    def test_a_yearly_window_comes_back_and_a_dated_one_does_not(self):
        self.scheme.write({"window": "yearly", "date_opens": "2025-12-01", "date_closes": "2026-01-31"})
        self.assertEqual(self.scheme.date_next_closing, date(2027, 1, 31))
        self.scheme.date_closes = "2026-03-10"
        self.assertEqual(self.scheme.date_next_closing, date(2026, 3, 10))
        self.scheme.write({"window": "dated", "date_closes": "2026-03-09"})
        self.assertFalse(self.scheme.date_next_closing)
        self.scheme.date_closes = "2026-04-09"
        self.assertEqual(self.scheme.date_next_closing, date(2026, 4, 9))
        self.scheme.window = "open"
        self.assertFalse(self.scheme.date_next_closing)

    @mute_logger("odoo.sql_db")
    def test_bad_caps_and_windows_are_refused(self):
        for values in (
            {"rate_max": 1.2},
            {"rate_max": -0.1},
            {"amount_max": -1},
            {"date_opens": "2026-02-01", "date_closes": "2026-01-01"},
            {"obligation_ids": [Command.create({"name": "Bilan", "anchor": "fixed", "fixed_day": 40})]},
        ):
            with self.assertRaises(CheckViolation, msg=values), self.env.cr.savepoint():
                self.scheme.write(values)
                self.env.flush_all()

    def test_a_manager_edits_schemes_and_a_user_reads_them(self):
        self.scheme.with_user(self.user_manager).amount_max = 6000
        with self.assertRaises(AccessError):
            self.scheme.with_user(self.user_pope).amount_max = 7000
        self.assertEqual(self.scheme.with_user(self.user_pope).amount_max, 6000)
        tracked = self.scheme._track_get_fields()
        self.assertTrue({"amount_max", "amounts_date", "rate_max"} <= tracked, "what the amounts were stays known")

    def test_the_rule_of_an_obligation_is_told_in_words(self):
        due = self.env.ref("pope_crm.scheme_fonjep_due_evaluation").with_context(lang="fr_FR")
        self.assertEqual(due.delay, "6 mois avant : Fin de la convention")

    # --- What a scheme brings to a file ---

    def test_choosing_a_scheme_brings_funder_nature_closing_and_papers(self):
        self.scheme.write({"window": "yearly", "date_closes": self.today() + timedelta(days=40)})
        with Form(self.env["pope.funding"].with_user(self.user_pope)) as form:
            form.scheme_id = self.scheme
            self.assertEqual(len(form.paper_ids), 2)
        funding = form.record
        self.assertEqual((funding.partner_id, funding.nature), (self.funder, "investment"))
        self.assertEqual(funding.date_deadline, self.today() + timedelta(days=40))
        self.assertEqual(funding.paper_ids.mapped("name"), ["Statuts", "RIB"])
        self.assertEqual(set(funding.paper_ids.mapped("state")), {"to_get"})
        self.assertEqual(funding.name, "Fonds local")

    def test_another_scheme_takes_back_only_the_papers_nobody_touched(self):
        funding = self.create_funding(scheme_id=self.scheme.id)
        funding.paper_ids[0].state = "have"
        own = self.env["pope.funding.paper"].create({"funding_id": funding.id, "name": "Lettre de la mairie"})
        funding.scheme_id = self.start
        names = funding.paper_ids.mapped("name")
        self.assertIn("Statuts", names)
        self.assertIn(own.name, names)
        self.assertNotIn("RIB", names)
        self.assertEqual(len(names), 2 + len(self.start.paper_ids))

    def test_a_paper_with_a_file_is_had_and_filing_sends_what_is_had(self):
        funding = self.create_funding(scheme_id=self.scheme.id)
        file = self.env["ir.attachment"].create({"name": "statuts.pdf", "raw": b"statuts"})
        funding.paper_ids[0].attachment_ids = file
        self.assertEqual(funding.paper_ids[0].state, "have")
        funding.with_user(self.user_pope).action_file()
        self.assertEqual(funding.state, "filed")
        self.assertEqual(funding.paper_ids.mapped("state"), ["sent", "to_get"])

    def test_a_file_without_a_scheme_is_awarded(self):
        funding = self.create_funding(amount_asked=100)
        funding.write({"state": "awarded", "amount_awarded": 100})
        self.assertFalse(funding.obligation_ids)
        self.assertFalse(funding.alert_note)

    # --- For whom ---

    def test_money_of_projects_and_of_persons_is_apart_from_the_pole_s(self):
        Funding = self.env["pope.funding"]
        mine = (
            self.create_funding(amount_asked=10)
            | self.create_funding(amount_asked=200, lead_id=self.project.id)
            | self.create_funding(amount_asked=3000, person_id=self.holders[0].id)
            | self.create_funding(amount_asked=40000, person_id=self.holders[0].id, lead_id=self.project.id)
        )
        self.assertEqual(mine.mapped("beneficiary"), ["pole", "project", "person", "person"])
        pole = self.env.ref("pope_crm.pope_funding_view_search").arch
        self.assertIn("('beneficiary', '=', 'pole')", pole)
        found = Funding._read_group([("id", "in", mine.ids), ("beneficiary", "=", "pole")], [], ["amount_asked:sum"])
        self.assertEqual(found, [(10,)])
        self.assertIn("search_default_of_pole", self.env.ref("pope_crm.pope_funding_action").context)
        self.assertEqual(mine[2].name, "Caf de la Seine-Saint-Denis · Awa Diallo")

    # --- What is told at its place ---

    def test_the_co_funding_rate_with_and_without_contributions_in_kind(self):
        funding = self.create_funding(amount_asked=6000, amount_eligible=10000, amount_in_kind=2000)
        self.assertEqual((funding.rate, funding.rate_in_kind), (0.6, 0.5))
        funding.write({"state": "awarded", "amount_awarded": 3000})
        self.assertEqual((funding.rate, funding.rate_in_kind), (0.3, 0.25))
        self.assertEqual(self.create_funding(amount_asked=50).rate, 0)

    def test_a_rate_and_an_amount_over_the_caps_are_told(self):
        funding = self.create_funding(scheme_id=self.scheme.id, amount_asked=4000, amount_eligible=5000)
        self.assertEqual(self.alerts(funding), [""])
        funding.amount_asked = 4500
        self.assertIn("90,0 % du coût éligible : le dispositif paie 80,0 % au plus", self.alerts(funding)[0])
        funding.write({"amount_asked": 6000, "amount_eligible": 12000})
        self.assertEqual(len(self.alerts(funding)), 1)
        self.assertIn("le dispositif paie 5", self.alerts(funding)[0])

    def test_receipts_over_the_cost_are_told(self):
        funding = self.create_funding(amount_asked=6000, amount_eligible=5000)
        self.assertIn("plus de 100 %", self.alerts(funding)[0])

    def test_start_up_aid_with_piaje_on_one_project_is_told_on_both_and_refused_on_none(self):
        start = self.create_funding(scheme_id=self.start.id, lead_id=self.project.id, amount_asked=1)
        self.assertEqual(self.alerts(start), [""])
        piaje = self.create_funding(scheme_id=self.piaje.id, lead_id=self.project.id, amount_asked=1)
        for one, other in ((start, piaje), (piaje, start)):
            self.assertEqual(len(self.alerts(one)), 1)
            self.assertIn(other.name, self.alerts(one)[0])
        piaje.state = "refused"
        self.assertEqual(self.alerts(start), [""])
        piaje.state = "filed"
        piaje.lead_id = self.create_project("MAM Les Lilas")
        self.assertEqual(self.alerts(start), [""])

    def test_schemes_that_exclude_one_another_are_told_for_the_pole_in_the_same_time_only(self):
        year = {"date_from": "2026-01-01", "date_to": "2026-12-31"}
        start = self.create_funding(scheme_id=self.start.id, **year)
        piaje = self.create_funding(scheme_id=self.piaje.id, **year)
        self.assertEqual(len(self.alerts(start)), 1)
        piaje.write({"date_from": "2027-01-01", "date_to": "2027-12-31"})
        self.assertEqual(self.alerts(start), [""])

    def test_dates_out_of_order_are_told_and_kept(self):
        funding = self.create_funding(
            state="refused",
            date_filed="2026-03-10",
            date_decision="2026-03-01",
            date_from="2026-06-01",
            date_to="2026-01-01",
            date_deadline="2026-02-01",
        )
        self.assertEqual(len(self.alerts(funding)), 3)
        late = self.create_funding(date_deadline=self.today() - timedelta(days=1))
        self.assertIn("à déposer avant le", self.alerts(late)[0])

    def test_each_state_says_what_it_asks_for(self):
        def asked(funding):
            funding.invalidate_recordset(["missing_note"])
            return (funding.with_context(lang="fr_FR").missing_note or "").split("\n")

        funding = self.create_funding(state="watch")
        self.assertEqual(len(asked(funding)), 2)  # the last day, the scheme
        funding.write({"scheme_id": self.scheme.id, "state": "to_file"})
        self.assertEqual(len(asked(funding)), 3)  # amount, budget, papers
        funding.write({"amount_asked": 500})
        funding.action_budget()
        funding.paper_ids.write({"state": "have", "date_expiry": self.today() - timedelta(days=1)})
        self.assertEqual(asked(funding), ["Pièces à renouveler : Statuts, RIB."])
        funding.paper_ids.date_expiry = False
        self.assertEqual(asked(funding), [""])
        funding.action_file()
        self.assertEqual(len(asked(funding)), 1)  # the number of the file
        funding.file_number = "2026-0042"
        self.assertEqual(asked(funding), [""])
        funding.state = "awarded"
        self.assertEqual(asked(funding), ["Le montant attribué."])
        prize = self.create_funding(scheme_id=self.env.ref("pope_crm.scheme_ptce").id, state="awarded")
        self.assertEqual(asked(prize), [""])

    # --- Refused, renewed ---

    def test_refused_in_one_click_from_a_file_that_waits(self):
        waiting, watched = self.create_funding(state="in_review"), self.create_funding(state="watch")
        (waiting | watched).with_user(self.user_pope).action_refuse()
        self.assertEqual((waiting.state, watched.state), ("refused", "watch"))
        self.assertEqual(waiting.date_decision, self.today())

    def test_renewed_in_one_click_with_budget_and_papers_carried_over(self):
        self.scheme.write({"window": "yearly", "date_closes": self.today() + timedelta(days=10)})
        funding = self.create_funding(
            scheme_id=self.scheme.id,
            amount_asked=4000,
            date_from="2026-01-01",
            date_to="2026-12-31",
            objectives="Ouvrir des MAM",
        )
        funding.action_budget()
        funding.budget_ids.line_ids[0].amount = 5000
        statutes, bank = funding.paper_ids
        file = self.env["ir.attachment"].create(
            {"name": "statuts.pdf", "raw": b"statuts", "res_model": statutes._name, "res_id": statutes.id}
        )
        statutes.attachment_ids = file
        bank.write({"state": "have", "date_expiry": self.today() - timedelta(days=1)})
        funding.write({"state": "awarded", "amount_awarded": 3500, "file_number": "2026-1"})
        action = funding.with_user(self.user_pope).action_renew()
        renewal = self.env["pope.funding"].browse(action["res_id"])
        self.assertEqual((renewal.renewed_from_id, renewal.state), (funding, "to_file"))
        self.assertEqual((renewal.amount_asked, renewal.amount_awarded, renewal.file_number), (4000, 0, False))
        self.assertEqual((str(renewal.date_from), str(renewal.date_to)), ("2027-01-01", "2027-12-31"))
        self.assertGreater(renewal.date_deadline, funding.date_deadline + timedelta(days=300))
        self.assertEqual(renewal.objectives, "Ouvrir des MAM")
        self.assertEqual(renewal.budget_ids.total_expense, 5000)
        self.assertEqual(funding.budget_ids.total_expense, 5000)
        self.assertEqual([(row.name, row.state) for row in renewal.paper_ids], [("Statuts", "have"), ("RIB", "to_get")])
        self.assertEqual(renewal.paper_ids[0].attachment_ids.raw, b"statuts")
        self.assertFalse(renewal.obligation_ids)
        again = funding.action_renew()
        self.assertEqual(again["res_id"], renewal.id, "the second click opens what the first one made")
        funding.with_user(self.user_manager).unlink()
        self.assertEqual(renewal.paper_ids[0].attachment_ids.raw, b"statuts", "its papers are its own")

    # --- Lists ---

    def test_the_list_costs_the_same_for_10_and_100_files(self):
        fundings = self.env["pope.funding"]
        for number in range(100):
            fundings |= self.create_funding(
                name=f"Dossier {number}",
                scheme_id=(self.start, self.piaje, self.scheme)[number % 3].id,
                lead_id=self.project.id if number % 2 else False,
                state="awarded" if number % 5 else "to_file",
                amount_asked=100,
                amount_eligible=200,
            )
        names = {"name", "rate", "rate_in_kind", "missing_note", "alert_note", "state", "amount_asked"}

        def cost(records):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["pope.funding"].with_user(self.user_pope).web_search_read(
                [("id", "in", records.ids)], {name: {} for name in names}
            )
            return self.env.cr.sql_log_count - before

        cost(fundings)
        cost(fundings[:10])
        self.assertLessEqual(cost(fundings), cost(fundings[:10]))


@tagged("post_install", "-at_install")
class TestFundingOfAPerson(PrivacyCase):
    """The aid that a childminder asks for in person: data of that person."""

    def setUp(self):
        super().setUp()
        self.at(self.now)
        caf = self.env["res.partner"].create({"name": "Caf", "is_company": True})
        self.funding = self.env["pope.funding"].create(
            {
                "partner_id": caf.id,
                "person_id": self.person.id,
                "objectives": f"Installer {self.person.name}",
                "paper_ids": [Command.create({"name": "Agrément"})],
            }
        )
        paper = self.funding.paper_ids
        self.file = self.env["ir.attachment"].create(
            {"name": "agrement.pdf", "raw": b"agrement", "res_model": paper._name, "res_id": paper.id}
        )
        paper.attachment_ids = self.file

    def test_it_is_in_the_file_that_the_person_may_ask_for(self):
        sections, _omitted = self.person.with_user(self.user_manager)._pope_file_sections()
        names = [record["name"] for part in sections if part["model"] == "pope.funding" for record in part["records"]]
        self.assertEqual(names, [self.funding.name])
        self.assertIn(self.file, self.person.with_user(self.user_manager)._pope_file_attachments())

    def test_it_names_nobody_once_the_person_is_anonymised(self):
        name = self.person.name
        self.assertIn(name, self.funding.name)
        self.person._pope_anonymise()
        self.assertNotIn(name, f"{self.funding.name} {self.funding.objectives}")
        self.assertFalse(self.file.exists())
        self.assertTrue(self.funding.exists(), "what was asked still counts")
