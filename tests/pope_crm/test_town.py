"""A town is one record, however it is spelled."""

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged, users

from ..common import PopeCase


@tagged("post_install", "-at_install")
class TestTown(PopeCase):
    def proposed(self, postal_code, city, **values):
        values = {"name": "Personne", "zip": postal_code, "city": city, **values}
        return self.env["res.partner"].create(values).pope_town_id.insee_code

    def test_saint_denis_is_one_town_however_it_is_written(self):
        for postal_code, city in (
            ("93200", "Saint-Denis"),
            ("93200", "St Denis"),
            ("93200", False),
            (False, "SAINT DENIS"),
            (False, "st-denis"),
            (False, "93200 St-Denis"),
            ("93 210", "La Plaine Saint-Denis"),
            ("93205", "Saint-Denis Cedex 05"),
            ("93380", "Pierrefitte-sur-Seine"),
            (False, "Pierrefitte sur Seine"),
        ):
            self.assertEqual(self.proposed(postal_code, city), "93066", (postal_code, city))
            self.assertEqual(self.env["pope.town"]._find("93059").insee_code, "93066")

    def test_nothing_is_guessed_when_code_and_name_disagree_or_are_unknown(self):
        for postal_code, city in (("93300", "Saint-Denis"), ("97400", "Saint-Denis"), ("00000", "Nulle-Part")):
            self.assertFalse(self.proposed(postal_code, city), (postal_code, city))
        belgium = self.env.ref("base.be").id
        self.assertFalse(self.proposed("93200", "Saint-Denis", country_id=belgium))

    def test_the_town_follows_the_address_and_can_be_corrected(self):
        person = self.env["res.partner"].create({"name": "Awa", "zip": "93200", "city": "Saint-Denis"})
        person.write({"zip": "93300", "city": "Aubervilliers"})
        self.assertEqual(person.pope_town_id.insee_code, "93001")
        person.pope_town_id = self.town
        person.phone = "01 48 00 00 00"
        self.assertEqual(person.pope_town_id, self.town)

    def test_an_institution_keeps_the_town_it_works_for(self):
        caf = self.env["res.partner"].create(
            {"name": "CAF", "is_company": True, "zip": "93000", "city": "Bobigny"},
        )
        agent = self.env["res.partner"].create(
            {"name": "PMI", "zip": "93000", "pope_role_ids": self.env.ref("pope_crm.role_pmi").ids}
        )
        self.assertFalse((caf | agent).pope_town_id)

    @users("pope_user")
    def test_the_form_proposes_the_town_while_typing(self):
        form = Form(self.env["res.partner"])
        form.name = "Inès Costa"
        form.zip = "93300"
        self.assertEqual(form.pope_town_id.insee_code, "93001")

    def test_towns_are_proposed_at_once_for_many(self):
        Town = self.env["pope.town"]
        counts = []
        for size in (10, 100):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            found = Town._propose(("93200", f"Quartier {number}") for number in range(size))
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(set(found.values()), {self.town})
        self.assertEqual(counts[0], counts[1])

    def test_a_code_means_one_town(self):
        Town = self.env["pope.town"]
        with self.assertRaises(ValidationError):
            Town.create({"name": "Pierrefitte-sur-Seine", "insee_code": "93059"})
        with self.assertRaises(ValidationError):
            Town.create({"name": "Ailleurs", "insee_code": "9306"})
        stains = Town.search([("insee_code", "=", "93072")])
        stains.active = False
        self.town.write({"former_codes": "93059 93072", "former_names": "Pierrefitte-sur-Seine, Stains"})
        self.assertEqual(Town._find("Stains"), self.town)
        with self.assertRaises(ValidationError):
            stains.active = True

    @users("pope_user")
    def test_only_managers_change_towns(self):
        with self.assertRaises(AccessError):
            self.env["pope.town"].create({"name": "Ailleurs", "insee_code": "75101"})
        with self.assertRaises(AccessError):
            self.town.with_user(self.env.user).name = "Autre"

    def test_a_merged_town_gives_its_people_projects_premises_and_codes(self):
        Town = self.env["pope.town"]
        old = Town.create({"name": "Kerlouan", "insee_code": "29091", "postal_codes": "29890", "former_codes": "29999"})
        kept = Town.create({"name": "Goulven", "insee_code": "29064", "postal_codes": "29890 29260"})
        self.holders[0].pope_town_id = old
        project = self.create_project(pope_town_id=old.id)
        project.pope_premises_ids = [Command.create({"name": "Place de l'église", "town_id": old.id})]
        with self.assertRaises(AccessError):
            old.with_user(self.user_pope).action_merge()
        with self.assertRaises(UserError):
            old.with_user(self.user_manager).action_merge()
        old.merged_into_id = kept
        old.with_user(self.user_manager).action_merge()
        self.assertEqual(self.holders[0].pope_town_id | project.pope_town_id | project.pope_premises_ids.town_id, kept)
        self.assertFalse(old.active)
        self.assertEqual((kept.former_codes, kept.postal_codes), ("29091 29999", "29890 29260"))
        by_code = Town._by_code(["29091", "29999"])
        self.assertEqual(by_code["29091"] | by_code["29999"], kept)
        self.assertEqual(Town._find("kerlouan"), kept)
