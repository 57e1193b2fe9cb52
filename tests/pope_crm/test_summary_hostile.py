"""Hostile names, texts and amounts of words come out inert in each workbook and in the mail that carries it."""

import io

from openpyxl import load_workbook

from odoo import Command
from odoo.tests import tagged

from .test_france_active import DAY, FranceActiveCase

HOSTILE = (
    '=HYPERLINK("http://x";"<script>alert(1)</script>")',
    "+1+1" + "x" * 300,
    "@SUM(A1)\x07\x1b\x00[a]:*?/\\",
    "-2+3 <img src=x onerror=alert(2)>",
)


@tagged("post_install", "-at_install")
class TestHostileSummaries(FranceActiveCase):
    def name_all(self, text):
        """Everything that people name, named by an enemy; the database itself takes no null byte."""
        text = text.replace("\x00", "")
        (self.town + self.bank).name = text
        self.pole.name = text
        self.accounts[self.pole, "613200"].name = text
        return text

    def assert_inert(self, summary):
        content = summary._render_xlsx(summary._figures())
        book = load_workbook(io.BytesIO(content))
        for sheet in book:
            self.assertLessEqual(len(sheet.title), 31)
            for cell in (cell for row in sheet.iter_rows() for cell in row if cell.value is not None):
                self.assertIsNone(cell.hyperlink, cell.coordinate)
                if cell.data_type == "f":
                    for word in ("HYPERLINK", "http", "script", "xxx", "onerror"):
                        self.assertNotIn(word, str(cell.value), cell.coordinate)

    def test_each_workbook_and_each_mail(self):
        project = self.env["crm.lead"].create(
            {"name": "MAM", "type": "project", "company_id": self.pole.id, "team_id": self.own_team().id}
        )
        grant = self.grant((6000, "2026-03-01", 1000, "2026-03-05"))
        self.loan([grant])
        self.book("613200", 800)
        summaries = [
            self.create_summary(),
            self.follow_up,
            self.create_summary(kind="france_active_project", lead_id=project.id, date_as_of=DAY),
            self.create_summary(kind="cerfa_15059", funding_id=grant.id),
        ]
        for text in HOSTILE:
            told = self.name_all(text)
            grant.name = project.name = told
            for summary in summaries:
                summary.write({"name": told, "signer_name": told, "notes": told})
                self.env.invalidate_all()
                with self.subTest(kind=summary.kind, text=text[:20]):
                    self.assert_inert(summary)
        summary = summaries[1]
        summary.name = "<script>alert(3)</script><img src=x onerror=alert(4)>"
        self.comment_all(summary)
        summary.with_user(self.user_manager).action_freeze()
        action = summary.with_user(self.user_manager).action_send()
        composer = self.env["mail.compose.message"].with_user(self.user_manager).with_context(**action["context"])
        wizard = composer.create({"partner_ids": [Command.link(self.town.id)]})
        self.assertNotIn("<script>", wizard.body)
        self.assertNotIn("<img src=x", wizard.body)
        for file in wizard.attachment_ids:
            self.assertNotIn("/", file.name)
        self.assertNotIn(b"<script>alert(3)", summary.paper_id.raw)
