"""The summary on paper, and the archive of the notices and agreements behind its grants."""

import io
import zipfile

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from odoo.addons.pope_crm.core import file_names

from .test_summary_caf import CafCase


@tagged("post_install", "-at_install")
class TestFileNames(CafCase):
    def test_a_name_leads_nowhere_else(self):
        for name, expected in (
            ("../../etc/passwd", "etc passwd"),
            ("C:\\temp\\convention.pdf", "C temp convention.pdf"),
            ("con.pdf", "_con.pdf"),
            ("\u202efdp.exe", "fdp.exe"),
            ("notification\x00\n.pdf", "notification .pdf"),
            ("...", "file"),
            ("", "file"),
        ):
            self.assertEqual(file_names.safe(name), expected)
        long = file_names.safe("x" * 300 + ".pdf")
        self.assertEqual((len(long), long[-4:]), (80, ".pdf"))

    def test_two_alike_are_told_apart(self):
        taken = set()
        names = [file_names.unlike(name, taken) for name in ("RIB.pdf", "rib.pdf", "RIB.pdf", "Avis", "Avis")]
        self.assertEqual(names, ["RIB.pdf", "rib (2).pdf", "RIB (3).pdf", "Avis", "Avis (2)"])


class PapersCase(CafCase):
    def join(self, funding, name, content, paper="Convention"):
        attachment = self.env["ir.attachment"].create({"name": name, "raw": content})
        funding.paper_ids = [Command.create({"name": paper, "attachment_ids": [Command.link(attachment.id)]})]
        return attachment

    def archive(self, summary=None):
        name, stream = (summary or self.summary)._papers_archive()
        with stream, zipfile.ZipFile(stream) as archive:
            self.assertIsNone(archive.testzip())
            return name, {path: archive.read(path) for path in archive.namelist()}


@tagged("post_install", "-at_install")
class TestPapers(PapersCase):
    def test_nobody_joins_a_file_that_they_may_not_open(self):
        """Odoo links any file to a record; the archive would give it to whoever knows its number."""
        other = self.env["res.company"].create({"name": "Autre pôle"})
        secret = self.env["ir.attachment"].create(
            {"name": "secret.pdf", "raw": b"secret", "res_model": "res.company", "res_id": other.id}
        )
        self.join(self.grant, "convention.pdf", b"un")
        paper = self.grant.paper_ids.with_user(self.user_pope)
        with self.assertRaises(AccessError):
            paper.attachment_ids = [Command.link(secret.id)]
        with self.assertRaises(AccessError):
            self.grant.with_user(self.user_pope).paper_ids = [
                Command.create({"name": "Avis", "attachment_ids": [Command.link(secret.id)]})
            ]
        own = self.env["ir.attachment"].with_user(self.user_pope).create({"name": "avis.pdf", "raw": b"deux"})
        paper.attachment_ids = [Command.link(own.id)]
        self.assertEqual(set(self.archive()[1].values()), {b"un", b"deux"}, "what a colleague joined stays")

    def test_each_grant_has_its_folder_of_papers(self):
        second = self.create_grant("../Cité: éducative", 900, 900)
        self.join(self.grant, "convention.pdf", b"un")
        self.join(self.grant, "../convention.pdf", b"deux", "Avenant")
        self.join(second, "avis.pdf", b"trois")
        self.env["ir.attachment"].create(
            {"name": "notification.pdf", "raw": b"quatre", "res_model": "pope.funding", "res_id": self.grant.id}
        )
        elsewhere = self.create_grant(
            "Ailleurs",
            900,
            900,
            date_from="2024-01-01",
            date_to="2024-12-31",
            date_filed="2023-10-01",
            date_decision="2023-12-01",
        )
        self.join(elsewhere, "ancien.pdf", b"cinq")
        name, files = self.archive()
        self.assertEqual(name, f"{self.summary.name}.zip")
        caf = self.caf.name
        self.assertEqual(
            files,
            {
                f"{caf} - Fonds publics et territoires/convention.pdf": b"un",
                f"{caf} - Fonds publics et territoires/convention (2).pdf": b"deux",
                f"{caf} - Fonds publics et territoires/notification.pdf": b"quatre",
                f"{caf} - Cité éducative/avis.pdf": b"trois",
            },
        )

    def test_a_user_of_the_pole_downloads_what_a_colleague_joined(self):
        self.join(self.grant, "convention.pdf", b"un")
        summary = self.summary.with_user(self.user_pope)
        self.assertIn("/papers", summary.action_papers()["url"])
        self.assertEqual(list(self.archive(summary)[1].values()), [b"un"])

    def test_without_a_paper_it_says_what_to_do(self):
        with self.assertRaises(UserError):
            self.summary.action_papers()


@tagged("post_install", "-at_install")
class TestPapersAddress(PapersCase, HttpCase):
    def test_the_archive_is_for_who_reads_the_summary(self):
        self.join(self.grant, "convention.pdf", b"un")
        address = f"/pope/summaries/{self.summary.id}/papers"
        self.authenticate("pope_user", "pope_user")
        answer = self.url_open(address)
        self.assertEqual((answer.status_code, answer.headers["Content-Type"]), (200, "application/zip"))
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            self.assertEqual(len(archive.namelist()), 1)
        hidden = self.create_summary(company_id=self.other.id)
        self.assertEqual(self.url_open(f"/pope/summaries/{hidden.id}/papers").status_code, 404)
        self._new_user("passant", "base.group_user")
        self.authenticate("passant", "passant")
        self.assertIn(self.url_open(address).status_code, (403, 404))
        self.authenticate(None, None)
        self.assertNotEqual(self.url_open(address, allow_redirects=False).status_code, 200)


@tagged("post_install", "-at_install")
class TestPaper(CafCase):
    def html(self, summary=None):
        content, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "pope_crm.report_financial_summary", (summary or self.summary).ids
        )
        return content.decode()

    def test_the_paper_says_the_figures_of_the_workbook(self):
        self.book_a_year()
        sections = self.summary._report_data()["sections"]
        statement = next(section for section in sections if len(section["columns"]) == 8)
        told = {row["cells"][1]: row["cells"] for row in statement["rows"]}
        rows = self.rows_of(self.book_of().worksheets[1])[1:]
        checked = 0
        for row in rows:
            if row[1] and row[1] in told:
                self.assertEqual(told[row[1]][4], self.summary._report_text(float(row[4])))
                self.assertEqual(told[row[1]][5], self.summary._report_text(float(row[5])))
                checked += 1
        self.assertEqual(checked, len(statement["rows"]))
        self.assertIn(self.grant.name, self.html())

    def test_hostile_words_come_out_inert(self):
        self.grant.name = "<script>alert(1)</script>"
        self.summary.name = "<img src=x onerror=alert(2)>" + "x" * 300
        self.summary.signer_name = "<b>Awa</b>"
        html = self.html()
        self.assertNotIn("<script>alert(1)", html)
        self.assertNotIn("<img src=x", html)
        self.assertNotIn("<b>Awa", html)
        self.assertIn("&lt;script&gt;alert(1)", html)

    def test_the_frozen_paper_stays(self):
        self.book_a_year()
        self.comment_all()
        self.summary.with_user(self.user_manager).action_freeze()
        before = self.summary._report_data()["sections"]
        self.book("613200", 100)
        self.grant.amount_awarded = 1
        self.env.invalidate_all()
        self.assertEqual(self.summary._report_data()["sections"], before)
