"""The sheet to copy, parts 1 to 4 of Cerfa 12156: who the association is, whom it works with, who works for it."""

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from ..common import PopeCase


@tagged("post_install", "-at_install")
class TestFundingSheet(PopeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["pope.volunteer.time"].search([]).unlink()  # of the demo
        cls.env["pope.membership"].search([("amount_booked", "=", 0)]).unlink()
        cls.president = cls.env["res.partner"].create(
            {"name": "Hélène Aubry", "function": "Présidente", "email": "ha@example.org", "phone": "01 48 00 00 01"}
        )
        cls.network = cls.env["res.partner"].create({"name": "Coop 93", "is_company": True})
        # fields of the demo's company too
        cls.company.write(
            {
                "pope_rna": "W930001234",
                "pope_date_published": "2014-05-17",
                "pope_representative_id": cls.president.id,
                "pope_approvals": "JEP\nESUS",
                "pope_date_public_utility": False,
                "pope_is_taxed": False,
                "pope_networks": "Acepp",
                "pope_employee_count": 2,
                "pope_subsidised_count": 1,
                "pope_employee_full_time": 1.8,
                "pope_civic_count": 0,
                "pope_full_time_hours": 1600,
            }
        )
        year = cls.today().year - 1
        cls.env["pope.volunteer.time"].create(
            [
                {"partner_id": cls.holders[number].id, "year": of_year, "hours_3": hours}
                for number, of_year, hours in ((0, year, 300), (1, year, 500), (2, year + 1, 700))
            ]
        )
        cls.env["pope.membership"].create(
            [
                {"partner_id": partner.id, "year": of_year, "amount": 15, "date_paid": f"{of_year}-02-01"}
                for partner, of_year in ((cls.holders[0], year), (cls.network, year), (cls.holders[1], year + 1))
            ]
        )
        cls.funding = cls.env["pope.funding"].create({"name": "Fonctionnement", "partner_id": cls.network.id})

    def answers(self, number, funding=None):
        """The rows of a part of the form."""
        sections = (funding or self.funding).with_user(self.user_pope).with_context(lang="fr_FR")._sheet()
        found = [section for section in sections if section["title"].startswith(f"{number}.")]
        return {row["label"]: row["value"] for section in found for row in section["rows"]}

    def test_the_identity_of_the_pole_and_who_represents_it(self):
        answers = self.answers(1)
        self.assertEqual(answers["Numéro RNA"], "W930001234")
        self.assertEqual(answers["Date de publication au Journal officiel"], "17/05/2014")
        self.assertEqual(answers["Représentant·e légal·e"], "Hélène Aubry")
        self.assertEqual(answers["Fonction du représentant ou de la représentante"], "Présidente")
        self.assertEqual(answers["Courriel du représentant ou de la représentante"], "ha@example.org")

    def test_whom_the_pole_works_with(self):
        administration, others = self.answers(2), self.answers(3)
        self.assertEqual(administration["Agréments"], "JEP\nESUS")
        self.assertEqual(administration["Reconnue d'utilité publique"], "Non")
        self.assertEqual(others["Réseaux, unions ou fédérations"], "Acepp")
        self.assertIn("Coop 93", others.values())
        self.company.pope_date_public_utility = "2020-02-03"
        self.assertEqual(self.answers(2)["Date de la reconnaissance"], "03/02/2020")

    def test_its_people_are_counted_over_the_year_before_the_request(self):
        year = self.today().year - 1
        people = self.answers(4)
        self.assertEqual(people[f"Bénévoles ({year})"], "2")
        self.assertEqual(people["Bénévoles en équivalents temps plein"], "0,50")
        self.assertEqual(people["Salarié·es"], "2")
        self.assertEqual(people["Dont emplois aidés"], "1")
        self.assertEqual(people["Salarié·es en équivalents temps plein travaillé (ETPT)"], "1,80")
        self.assertEqual(people[f"Adhérent·es ({year})"], "2")
        self.funding.date_filed = f"{year}-03-01"
        self.assertEqual(self.answers(4)[f"Bénévoles ({year - 1})"], "0")
        self.company.pope_full_time_hours = 0
        self.assertNotIn("Bénévoles en équivalents temps plein", self.answers(4))

    def test_an_association_of_a_project_is_not_the_pole_and_a_person_is_no_association(self):
        association = self.env["res.partner"].create({"name": "Association Les Lilas", "is_company": True})
        self.funding.lead_id = self.create_project(pope_association_id=association.id)
        identity = self.answers(1)
        self.assertEqual((identity["Numéro RNA"], identity["Représentant·e légal·e"]), ("", ""))
        self.assertFalse(self.answers(2) or self.answers(3) or self.answers(4))
        self.funding.person_id = self.holders[0]
        self.assertNotIn("Numéro RNA", self.answers(1))

    def test_a_manager_writes_them_once_without_being_administrator_of_the_company(self):
        Applicant = self.env["pope.applicant"].with_user(self.user_manager)
        with Form(Applicant) as form:
            self.assertEqual((form.pope_rna, form.pope_representative_id), ("W930001234", self.president))
            form.pope_rna = "W939999999"
            form.pope_employee_count = 3
            form.pope_representative_id = self.holders[1]
        form.record.action_save()
        self.assertEqual((self.company.pope_rna, self.company.pope_employee_count), ("W939999999", 3))
        self.assertEqual(self.company.pope_representative_id, self.holders[1])
        self.assertEqual(self.company.pope_approvals, "JEP\nESUS", "the others as they were")

    def test_a_company_that_is_not_chosen_is_not_written(self):
        other = self.env["res.company"].create({"name": "Autre pôle"})
        wizard = self.env["pope.applicant"].with_user(self.user_manager).create({"company_id": other.id})
        with self.assertRaises(AccessError):
            wizard.action_save()
