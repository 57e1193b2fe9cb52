import os
import unittest
from pathlib import Path

from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestWorkers(TransactionCase):
    @unittest.skipUnless(os.environ.get("PYTEST_XDIST_WORKER"), "one process shares its files with nobody")
    def test_what_another_worker_clears_is_not_ours(self):
        attachment = self.env["ir.attachment"].create({"name": "essai.txt", "raw": b"essai"})
        stored = Path(attachment._full_path(attachment.store_fname))
        self.assertIn(os.environ["PYTEST_XDIST_WORKER"], stored.parts)
        self.assertEqual(stored.read_bytes(), b"essai")
