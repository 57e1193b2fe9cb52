"""Who a person is: names, phones, likely duplicates, and what Odoo's merge keeps of them."""

from lxml import etree

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged, users
from odoo.tools.safe_eval import safe_eval

from ..common import PopeCase


class PersonCase(PopeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Partner = cls.env["res.partner"]
        cls.france = cls.env.ref("base.fr")
        cls.company.country_id = cls.france

    def create_person(self, first_name="Solène", last_name="Kervella", **values):
        return self.Partner.create({"pope_first_name": first_name, "pope_last_name": last_name, **values})

    def note(self, person):
        return str(person.pope_similar_note or "")


@tagged("post_install", "-at_install")
class TestName(PersonCase):
    def test_the_parts_make_the_name_and_follow_it(self):
        person = self.create_person("MARIE-ANGE", "de la Tour")
        self.assertEqual((person.name, person.pope_first_name), ("Marie-Ange de LA TOUR", "Marie-Ange"))
        person.pope_last_name = "Lefèvre"
        self.assertEqual(person.name, "Marie-Ange LEFÈVRE")
        person.name = "Marie-Ange MARTIN"
        self.assertEqual(person.pope_last_name, "MARTIN")
        person.name = "Les Martin"
        self.assertEqual((person.name, person.pope_first_name, person.pope_last_name), ("Les Martin", False, False))

    def test_many_persons_are_renamed_each_by_their_own_parts(self):
        people = self.create_person("Awa", "Diallo") | self.create_person("Nadia", "Diallo")
        people.write({"pope_last_name": "Sow"})
        self.assertEqual(people.mapped("name"), ["Awa SOW", "Nadia SOW"])

    def test_an_organisation_keeps_its_name(self):
        town = self.Partner.create({"name": "Ville de Stains", "is_company": True})
        town.write({"pope_first_name": "Ville", "pope_last_name": "Stains"})
        self.assertEqual(town.name, "Ville de Stains")

    @users("pope_user")
    def test_people_are_sorted_by_the_name_that_is_shown(self):
        people = self.env["res.partner"]
        for first_name, last_name in (("Zoé", "Abadie"), ("Awa", "Zidane"), ("Élise", "Martin")):
            people |= people.create({"pope_first_name": first_name, "pope_last_name": last_name})
        self.assertEqual(people.sorted("complete_name").mapped("name"), ["Awa ZIDANE", "Zoé ABADIE", "Élise MARTIN"])

    @users("pope_user")
    def test_an_import_takes_one_or_two_columns(self):
        one = self.env["res.partner"].load(["name"], [["Jean-Paul de Vries"], ["KONÉ Mariam"]])
        self.assertEqual(self.Partner.browse(one["ids"]).mapped("name"), ["Jean-Paul de Vries", "KONÉ Mariam"])
        two = self.env["res.partner"].load(
            ["pope_first_name", "pope_last_name"], [["JEAN-PAUL", "de Vries"], ["Mariam", "Koné"]]
        )
        self.assertEqual(self.Partner.browse(two["ids"]).mapped("name"), ["Jean-Paul de VRIES", "Mariam KONÉ"])

    @users("pope_user")
    def test_a_whole_name_is_taken_apart_on_demand_where_there_is_no_doubt(self):
        people = self.env["res.partner"].create([{"name": "Mme KONÉ Mariam"}, {"name": "Awa Diallo"}])
        self.assertEqual(people.mapped("pope_name_proposal"), ["Mariam · KONÉ", False])
        message = people.action_pope_split_name()["params"]["message"]
        self.assertIn("1", message)
        self.assertEqual(people.mapped("name"), ["Mariam KONÉ", "Awa Diallo"])
        self.assertEqual(people.mapped("pope_civility"), ["mrs", False])

    @users("pope_user")
    def test_the_form_shows_the_name_as_it_is_typed_in_parts(self):
        with Form(self.env["res.partner"]) as form:
            form.pope_first_name = "ines"
            form.pope_last_name = "da Costa"
            self.assertEqual(form.name, "Ines da COSTA")
        self.assertEqual(form.record.name, "Ines da COSTA")

    @users("pope_user")
    def test_a_birth_name_finds_its_person(self):
        person = self.create_person(pope_birth_name="Le Goff")
        Partner = self.env["res.partner"]
        arch = etree.fromstring(Partner.get_view(self.env.ref("pope_crm.res_partner_view_search").id, "search")["arch"])
        domain = safe_eval(arch.find("field[@name='name']").get("filter_domain"), {"self": "le goff"})
        self.assertEqual(Partner.search(domain).ids, person.ids)

    def test_a_birth_date_gives_the_year_and_none_is_to_come(self):
        person = self.create_person(pope_birth_date="1988-05-03")
        self.assertEqual(person.pope_birth_year, 1988)
        for values in ({"pope_birth_year": 88}, {"pope_birth_date": "2999-01-01"}):
            with self.assertRaises(ValidationError):
                person.write(values)


@tagged("post_install", "-at_install")
class TestPhone(PersonCase):
    def test_a_number_is_one_however_it_is_written(self):
        person = self.create_person(pope_phone_ids=[Command.create({"number": "07.81.22.33.44"})])
        self.assertEqual(person.pope_phone_ids.number_sanitized, "+33781223344")

    @users("pope_user")
    def test_every_number_finds_its_person_in_every_writing(self):
        person = self.create_person(phone="01 48 13 44 55", pope_phone_ids=[Command.create({"number": "0781223344"})])
        for text in ("01 48 13 44", "0148134455", "+33 1 48 13 44 55", "0033148134455", "07 81 22", "07.81.22.33.44"):
            found = self.env["res.partner"].search([("pope_any_phone", "ilike", text)])
            self.assertIn(person.id, found.ids, text)
        for text in ("07 81 99", "Solène 93"):
            self.assertNotIn(person.id, self.env["res.partner"].search([("pope_any_phone", "ilike", text)]).ids, text)

    def test_a_known_person_is_found_by_any_number_and_the_name(self):
        person = self.create_person(phone="0148134455", pope_phone_ids=[Command.create({"number": "07 81 22 33 44"})])
        for phone in ("0781223344", "+33 7 81 22 33 44", "01.48.13.44.55"):
            self.assertEqual(self.Partner._pope_find_person(phone=phone, name="KERVELLA Solene"), person, phone)
        self.assertFalse(self.Partner._pope_find_person(phone="0781223344", name="Yann Kervella"))

    def test_as_many_queries_to_find_a_hundred_as_ten(self):
        wanted = [
            (f"personne{number}@example.org", f"06 00 00 00 {number:02}", f"Personne {number}") for number in range(100)
        ]
        self.Partner.create([{"name": name, "email": email, "phone": phone} for email, phone, name in wanted])
        counts = []
        for group in (wanted[:10], wanted):
            self.env.invalidate_all()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            found = self.Partner._pope_find_people(group)
            counts.append(self.env.cr.sql_log_count - before)
            self.assertTrue(all(found.values()))
        self.assertEqual(*counts)


@tagged("post_install", "-at_install")
class TestSimilar(PersonCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.known = cls.Partner.create(
            {
                "pope_first_name": "Solène",
                "pope_last_name": "Kervella",
                "email": "les.kervella@example.org",
                "phone": "01 48 13 44 55",
                "street": "3 rue du Port",
                "zip": "93200",
                "pope_birth_date": "1988-05-03",
                "pope_phone_ids": [Command.create({"number": "07 81 22 33 44"})],
            }
        )

    @users("pope_user")
    def test_a_likely_duplicate_is_told_before_saving(self):
        for values in (
            {"name": "Kervella Solene", "email": "Les.Kervella@example.org"},
            {"name": "KERVELLA Solène", "phone": "+33 7 81 22 33 44"},
            {"name": "Solène KERVELLA", "pope_birth_date": "1988-05-03"},
        ):
            form = Form(self.env["res.partner"])
            for name, value in values.items():
                form[name] = value
            self.assertIn(f'href="/odoo/personnes/{self.known.id}"', str(form.pope_similar_note), values)
            self.assertIn("Probably the same person", str(form.pope_similar_note))
            form.save()

    @users("pope_user")
    def test_a_shared_mailbox_or_home_is_told_and_not_refused(self):
        with Form(self.env["res.partner"]) as form:
            form.name = "Yann Kervella"
            form.email = "les.kervella@example.org"
            form.street, form.zip = "3 Rue du Port", "93200"
            self.assertIn("same e-mail address, same address", str(form.pope_similar_note))
            self.assertNotIn("Probably", str(form.pope_similar_note))
        self.assertEqual(form.record.email, "les.kervella@example.org")
        self.assertIn("Yann", self.note(self.known))

    def test_nobody_looks_like_oneself_nor_like_an_organisation(self):
        self.Partner.create({"name": "MAM du Port", "is_company": True, "email": "les.kervella@example.org"})
        self.assertFalse(self.known.pope_similar_note)
        self.assertFalse(self.create_person("Maël", "Tanguy").pope_similar_note)

    @users("pope_user")
    def test_a_name_is_shown_as_text_and_never_as_code(self):
        self.create_person("<b>Yann</b>", "<script>", email="les.kervella@example.org")
        self.assertIn("&lt;b&gt;", self.note(self.known))
        self.assertNotIn("<script>", self.note(self.known).lower())

    @users("pope_user")
    def test_the_quick_creation_of_a_project_tells_as_well(self):
        Lead = self.env["crm.lead"].with_context(default_type="project")
        with Form(Lead, view="pope_crm.crm_lead_view_form_project_quick") as form:
            form.pope_new_first_name, form.pope_new_last_name = "Yann", "Kervella"
            form.phone = "0781223344"
            self.assertFalse(form.partner_id)
            self.assertIn("Solène KERVELLA", str(form.pope_similar_note))
            form.pope_new_first_name = "Solène"
            self.assertEqual(form.partner_id.id, self.known.id)
            self.assertFalse(form.pope_similar_note)

    def test_as_many_queries_for_ten_persons_as_for_a_hundred(self):
        people = self.Partner.create(
            [{"name": f"Personne {number}", "email": "les.kervella@example.org"} for number in range(100)]
        )
        counts = []
        for group in (people[:10], people):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertTrue(all(group.mapped("pope_similar_note")))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)


@tagged("post_install", "-at_install")
class TestMerge(PersonCase):
    def merge(self, source, target, user=None):
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(user or self.env.user)
        wizard._merge([source.id, target.id], target.with_user(user or self.env.user), extra_checks=False)
        self.env.invalidate_all()

    def test_nothing_of_ours_is_lost(self):
        prescriber = self.Partner.create({"name": "Mission locale", "is_company": True})
        role_holder, role_member = self.env.ref("pope_crm.role_holder"), self.env.ref("pope_crm.role_member")
        source = self.create_person(
            email="solene@example.org",
            phone="06 11 22 33 44",
            pope_birth_name="Le Goff",
            pope_gender="woman",
            pope_birth_year=1988,
            pope_situation="job_seeker",
            pope_diploma_level="3",
            pope_has_foreign_diploma=True,
            pope_french_level="b1",
            pope_prescriber_id=prescriber.id,
            pope_town_id=self.town.id,
            pope_role_ids=[Command.set((role_holder | role_member).ids)],
            pope_phone_ids=[Command.create({"number": "07 81 22 33 44"})],
            pope_consent_ids=[Command.create({"channel": "paper"})],
            pope_sensitive_ids=[Command.create({"date_consent": "2026-01-05", "disability": "yes"})],
        )
        target = self.create_person(
            email="s.kervella@example.org",
            phone="01 48 13 44 55",
            pope_role_ids=[Command.set(role_holder.ids)],
            pope_sensitive_ids=[Command.create({"date_consent": "2026-03-05", "disability": "undisclosed"})],
        )
        project = self.create_project(holders=source)
        # who merges holds the right to merge, and none of ours
        self.merge(source, target, self._new_user("contacts", "base.group_user,base.group_partner_manager"))
        self.assertFalse(source.exists())
        for name, value in (
            ("pope_birth_name", "Le Goff"),
            ("pope_gender", "woman"),
            ("pope_birth_year", 1988),
            ("pope_situation", "job_seeker"),
            ("pope_diploma_level", "3"),
            ("pope_has_foreign_diploma", True),
            ("pope_french_level", "b1"),
            ("pope_prescriber_id", prescriber),
            ("pope_town_id", self.town),
        ):
            self.assertEqual(target[name], value, name)
        self.assertEqual(target.pope_role_ids, role_holder | role_member)
        self.assertEqual(
            {*target.pope_phone_ids.mapped("number_sanitized"), target.phone_sanitized},
            {"+33781223344", "+33611223344", "+33148134455"},
        )
        self.assertEqual(target.pope_consent_ids.channel, "paper")
        self.assertEqual(target.pope_sensitive_ids.mapped("disability"), ["undisclosed", "yes"])
        self.assertEqual(project.pope_holder_ids, target)
        self.assertIn("solene@example.org", target.message_ids[0].body)

    def test_who_asked_to_receive_nothing_still_does(self):
        source, target = self.create_person(email="solene@example.org"), self.create_person(email="s.k@example.org")
        source.action_pope_oppose()
        self.merge(source, target)
        self.assertTrue(target.pope_opposition_date)
        self.assertTrue(self.env["mail.blacklist"].search([("email", "=", "s.k@example.org")]))

    def test_contacts_that_are_not_ours_merge_as_odoo_does(self):
        source, target = self.Partner.create(
            [{"name": "Client A", "phone": "0148134455"}, {"name": "Client B", "phone": "0148134466"}]
        )
        self.merge(source, target)
        self.assertFalse(target.pope_phone_ids)
        self.assertFalse(any("0148134455" in body or "known" in body for body in target.message_ids.mapped("body")))
