"""A style of ours that does not compile takes the whole back office's styles away."""

from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestAssets(TransactionCase):
    def test_the_styles_of_the_back_office_compile(self):
        bundle = self.env["ir.qweb"]._get_asset_bundle("web.assets_backend", css=True, js=False)
        compiled = bundle.preprocess_css()
        self.assertFalse(bundle.css_errors)
        self.assertIn("o_pope_todo_cards", compiled)
