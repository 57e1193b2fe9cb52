"""All that is held on one person: what is in the file, and who may take it out."""

import base64
import io
import json
import zipfile
from datetime import datetime

import openpyxl

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import BaseCase, tagged

from odoo.addons.pope_crm.xlsx import person_file

from .test_privacy import PrivacyCase


@tagged("post_install", "-at_install")
class TestPersonFile(PrivacyCase):
    def setUp(self):
        super().setUp()
        self.at(self.now)
        self.person.write(
            {
                "pope_birth_year": 1988,
                "pope_phone_ids": [Command.create({"number": "07 81 22 33 44"})],
                "pope_consent_ids": [Command.create({"date": "2026-02-01", "channel": "paper"})],
            }
        )
        self.project = self.create_project("MAM du Port", holders=self.person)
        self.person.message_post(
            body="<p>Appel : le projet avance</p>", attachments=[("lettre.txt", "Bonjour à toutes".encode())]
        )

    def file(self, user):
        action = self.person.with_user(user).with_context(lang="fr_FR").action_pope_file()
        made = self.env["pope.person.file"].search([("partner_id", "=", self.person.id)], limit=1, order="id desc")
        self.assertIn(f"/pope.person.file/{made.id}/content/", action["url"])
        archive = zipfile.ZipFile(io.BytesIO(base64.b64decode(made.with_context(bin_size=False).content)))
        data = json.loads(archive.read("Solène KERVELLA.json"))
        book = openpyxl.load_workbook(io.BytesIO(archive.read("Solène KERVELLA.xlsx")))
        return archive, data, book

    def sections(self, data):
        return {section["model"]: section for section in data["sections"]}

    def test_everything_of_the_pole_is_in_the_file(self):
        self.dispatch()
        archive, data, book = self.file(self.user_manager)
        parts = self.sections(data)
        self.assertEqual(parts["res.partner"]["records"][0]["pope_birth_year"], 1988)
        for model in ("pope.partner.phone", "pope.consent", "pope.project.member", "pope.notification", "crm.lead"):
            self.assertIn(model, parts)
        self.assertEqual(parts["pope.consent"]["records"][0]["channel"], "Sur papier")
        self.assertIn("le projet avance", str(parts["mail.message"]["records"]))
        self.assertEqual(parts["crm.lead"]["records"][0]["name"], "MAM du Port")
        files = {name.split("/")[-1].split(" ", 1)[1]: name for name in archive.namelist() if name.startswith("files/")}
        self.assertEqual(archive.read(files["lettre.txt"]).decode(), "Bonjour à toutes")
        self.assertEqual(book.worksheets[0]["A1"].value, "Ce que le pôle sait de Solène KERVELLA")
        self.assertEqual(len(book.worksheets), len(data["sections"]) + 1)
        self.assertIn("1988", str([cell.value for row in book.worksheets[1].rows for cell in row]))

    def test_every_model_of_ours_that_names_a_contact_is_looked_at(self):
        parts = self.person._pope_file_parts()
        for name, model in self.env.registry.items():
            pointing = [
                field for field in model._fields.values() if field.comodel_name == "res.partner" and field.store
            ]
            if name.startswith("pope.") and model._auto and not (model._abstract or model._transient) and pointing:
                self.assertIn(name, parts)

    def test_sensitive_answers_go_only_to_the_small_group_and_their_absence_is_told(self):
        _archive, data, book = self.file(self.user_manager)
        self.assertNotIn("pope.person.sensitive", self.sections(data))
        self.assertIn("Données sensibles", " ".join(data["notes"]))
        self.assertIn("Données sensibles", str([row[0].value for row in book.worksheets[0].iter_rows()]))
        self.user_manager.group_ids = [Command.link(self.env.ref("pope_crm.group_pope_sensitive").id)]
        _archive, data, _book = self.file(self.user_manager)
        self.assertEqual(self.sections(data)["pope.person.sensitive"]["records"][0]["disability"], "Oui")
        self.assertNotIn("Données sensibles", " ".join(data["notes"]))

    def test_no_key_of_a_page_leaves_with_it(self):
        self.env["pope.followup"].create(
            {"lead_id": self.project.id, "months": 3, "answered_partner_id": self.person.id, "state": "answered"}
        )
        _archive, data, _book = self.file(self.user_manager)
        self.assertIn("pope.followup", self.sections(data))
        token = self.project.pope_followup_ids.access_token
        self.assertNotIn(token, json.dumps(data))

    def test_only_a_manager_makes_it_and_only_who_made_it_reads_it(self):
        with self.assertRaises(AccessError):
            self.person.with_user(self.user_pope).action_pope_file()
        self.file(self.user_manager)
        made = self.env["pope.person.file"].search([("partner_id", "=", self.person.id)])
        other = self._new_user("pope_manager_2", "pope_crm.group_pope_manager")
        for user in (other, self.user_pope):
            with self.assertRaises(AccessError):
                made.with_user(user).read(["content"])
        self.assertIn(self.user_manager.partner_id, self.person.message_ids.author_id)

    def test_what_another_company_holds_stays_there(self):
        other = self.env["res.company"].create({"name": "Un autre pôle"})
        team = self.team.copy({"name": "Autre", "company_id": other.id})
        lead = self.create_project(
            "MAM d'ailleurs", holders=self.person, team_id=team.id, company_id=other.id, user_id=False
        )
        _archive, data, _book = self.file(self.user_manager)
        self.assertTrue(lead.pope_member_ids)
        self.assertEqual(len(self.sections(data)["pope.project.member"]["records"]), 1)


@tagged("post_install", "-at_install")
class TestPersonWorkbook(BaseCase):
    DATA = {
        "created": datetime(2026, 3, 10),
        "sheet": "Contenu",
        "title": "Ce qui est su",
        "notes": ["=1+1"],
        "columns": ["Partie", "Nombre"],
        "cut": "[coupé]",
        "sections": [
            {
                "title": "Messages: [tous] de l'œuvre et bien plus que trente caractères",
                "columns": ["Texte", "Jour", "Nombre"],
                "rows": [["=cmd|' /C calc'!A0", datetime(2026, 1, 2, 3, 4), 3.5], ["é" * 40000, False, None]],
            },
            {"title": "Messages: [tous] de l'œuvre et bien plus que trente lettres", "columns": [], "rows": []},
        ],
    }

    def test_texts_are_never_formulas_and_long_ones_are_cut_and_said_to_be(self):
        book = openpyxl.load_workbook(io.BytesIO(person_file.write(self.DATA)))
        sheet = book.worksheets[1]
        self.assertEqual((sheet["A2"].value, sheet["A2"].data_type), ("=cmd|' /C calc'!A0", "s"))
        self.assertEqual(sheet["B2"].value, datetime(2026, 1, 2, 3, 4))
        self.assertTrue(sheet["A3"].value.endswith("[coupé]"))
        self.assertEqual(len({name.lower() for name in book.sheetnames}), 3)

    def test_the_same_data_gives_the_same_bytes(self):
        self.assertEqual(person_file.write(self.DATA), person_file.write(self.DATA))
