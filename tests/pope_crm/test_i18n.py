import io
import pathlib
import re

import polib

from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import trans_export

ROOT = pathlib.Path(__file__).parents[2]
SALES_WORDS = re.compile(r"\b(piste|opportunité|vendeu|gagné|perdu|prospect|client)", re.IGNORECASE)


@tagged("post_install", "-at_install")
class TestFrench(TransactionCase):
    def test_every_term_has_its_french(self):
        for addon in sorted(path.parent.name for path in ROOT.glob("pope_*/__manifest__.py")):
            fresh = io.BytesIO()
            trans_export(False, [addon], fresh, "po", self.env)
            known = {entry.msgid: entry.msgstr for entry in polib.pofile(str(ROOT / addon / "i18n" / "fr.po"))}
            missing = [entry.msgid for entry in polib.pofile(fresh.getvalue().decode()) if not known.get(entry.msgid)]
            self.assertFalse(missing, f"{addon}: run make i18n, then translate")

    def test_our_french_has_no_sales_words(self):
        for path in ROOT.glob("pope_*/i18n/fr.po"):
            found = [
                entry.msgstr
                for entry in polib.pofile(str(path))
                if SALES_WORDS.search(entry.msgstr) and not self._stock_models(entry)
            ]
            self.assertFalse(found)

    def test_our_french_renames_no_model_of_odoo(self):
        for path in ROOT.glob("pope_*/i18n/fr.po"):
            for entry in polib.pofile(str(path)):
                for model in self._stock_models(entry):
                    self.assertEqual(entry.msgstr, model.with_context(lang="fr_FR").name, model.model)

    def _stock_models(self, entry):
        """The models of Odoo that an entry names: the add-on that extends one exports its name again."""
        names = [
            place.split(".model_")[1] for place, _line in entry.occurrences if place.startswith("model:ir.model,name:")
        ]
        models = self.env["ir.model"].search([]).grouped(lambda model: model.model.replace(".", "_"))
        return [models[name] for name in names if not name.startswith("pope_")]

    def test_french_punctuation_never_begins_a_line_of_a_mail(self):
        entries = [
            entry
            for path in ROOT.glob("pope_*/i18n/fr.po")
            for entry in polib.pofile(str(path))
            if any(re.match("model:mail.template,(subject|body_html)", place) for place, _line in entry.occurrences)
        ]
        self.assertTrue(entries)
        for entry in entries:
            self.assertFalse(re.findall(r"[^<>]{0,20} [;:!?»]", re.sub("<[^>]*>", "|", entry.msgstr)))

    def test_a_number_and_its_hours_stay_on_one_line(self):
        for path in ROOT.glob("pope_*/i18n/fr.po"):
            parted = [entry.msgstr for entry in polib.pofile(str(path)) if re.search(r"(\d|\)s) h\b", entry.msgstr)]
            self.assertFalse(parted, "between a number and h: a no-break space")

    def test_placeholders_survive_translation(self):
        for path in ROOT.glob("pope_*/i18n/fr.po"):
            for entry in polib.pofile(str(path)):
                for pattern in (r"%\(\w+\)s", r't-out="[^"]*"', r't-if="[^"]*"', r"\{\{.*?\}\}"):
                    self.assertEqual(
                        sorted(re.findall(pattern, entry.msgid)), sorted(re.findall(pattern, entry.msgstr)), entry.msgid
                    )
