"""What Odoo says of its fields is kept, never longer than it is true."""

from odoo.tests import tagged

from ..common import PopeCase


@tagged("post_install", "-at_install")
class TestLabels(PopeCase):
    def said(self, lang):
        return self.env["crm.lead"].with_context(lang=lang).fields_get(["email_normalized"])["email_normalized"]

    def test_each_language_has_its_own_words(self):
        self.env["res.lang"]._activate_and_install_lang("en_US")
        self.assertEqual(
            (self.said("en_US")["string"], self.said("fr_FR")["string"]), ("Normalized Email", "E-mail normalisé")
        )

    def test_a_label_and_a_help_that_change_are_told_at_once(self):
        self.said("fr_FR")
        field = self.env["ir.model.fields"]._get("crm.lead", "email_normalized").with_context(lang="fr_FR")
        field.write({"field_description": "Courriel de test", "help": "Aide de test"})
        said = self.said("fr_FR")
        self.assertEqual((said["string"], said["help"]), ("Courriel de test", "Aide de test"))
