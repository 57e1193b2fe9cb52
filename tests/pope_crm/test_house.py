"""pope_crm stands without Odoo's events and surveys and without pope_training: proven by reading its files."""

import ast
import pathlib
import re
import unittest
from collections import Counter

ADDON = pathlib.Path(__file__).parents[2] / "pope_crm"
FOREIGN = re.compile(
    r"""["'(\s](event|survey)\.(event|registration|type|stage|tag|question|mail|slot|survey|user_input)\b"""
    r"""|\b(event|event_crm|survey|pope_training)\.(model_|access_|group_|event_|survey_|view_|menu_|field_)"""
    r"""|\bpope_training\b|pope[._]training[._]|\bodoo\.addons\.(event|survey|pope_training)\b|\bevent_crm\b""",
)


def foreign_names(text):
    return [match.group(0).strip() for match in FOREIGN.finditer(text)]


def methods(path):
    """(model, method, whether it calls what it extends) of a file."""
    for model in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(model, ast.ClassDef):
            continue
        told = {
            statement.targets[0].id: statement.value.value
            for statement in model.body
            if isinstance(statement, ast.Assign)
            and isinstance(statement.targets[0], ast.Name)
            and isinstance(statement.value, ast.Constant)
        }
        name = told.get("_name") or told.get("_inherit")
        for method in model.body:
            if name and isinstance(method, ast.FunctionDef):
                yield name, method.name, "'super'" in ast.dump(method)


class TestHouse(unittest.TestCase):
    def test_no_method_of_a_model_hides_another_of_ours(self):
        """Two files that give one model a method of the same name: the last one read would win, in silence."""
        alone = Counter(
            (model, method)
            for addon in (ADDON, ADDON.parent / "pope_training")
            for path in addon.rglob("*.py")
            for model, method, extends in methods(path)
            if not extends
        )
        self.assertGreater(len(alone), 1000)
        self.assertFalse([pair for pair, count in alone.items() if count > 1])

    def test_the_reader_sees_what_it_looks_for(self):
        for text in (
            'env["event.event"]',
            'ref="event.group_event_user"',
            'ref("survey.survey_x")',
            "from odoo.addons.pope_training import x",
            'model="pope.training.enrolment"',
            'Many2one("survey.user_input")',
            "model_pope_training_program",
        ):
            self.assertTrue(foreign_names(text), text)
        self.assertFalse(foreign_names('env["calendar.event"]; self._pope_handle_events({}); event = 1; vals["event"]'))

    def test_pope_crm_names_nothing_of_events_and_surveys(self):
        files = [
            path
            for path in ADDON.rglob("*")
            if path.suffix in (".py", ".xml", ".csv", ".js", ".sql") and "__pycache__" not in path.parts
        ]
        self.assertGreater(len(files), 50)
        found = {str(path): names for path in files if (names := foreign_names(path.read_text(encoding="utf-8")))}
        self.assertFalse(found)

    def test_pope_crm_depends_on_no_event_and_no_survey(self):
        manifest = ast.literal_eval((ADDON / "__manifest__.py").read_text(encoding="utf-8"))
        self.assertFalse({"event", "event_crm", "survey", "pope_training"}.intersection(manifest["depends"]))
