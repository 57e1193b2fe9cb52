from odoo import models

ACCOUNTANTS = "account.group_account_readonly,account.group_account_invoice"  # who reads entries


class AccountMove(models.Model):
    _inherit = "account.move"

    def _pope_open(self):
        """The window on these entries."""
        action = {"type": "ir.actions.act_window", "name": self.env._("Entries"), "res_model": self._name}
        if len(self) == 1:
            return {**action, "view_mode": "form", "res_id": self.id}
        # the list of entries, not that of invoices
        views = [(self.env.ref("account.view_move_tree").id, "list"), (False, "form")]
        return {**action, "view_mode": "list,form", "views": views, "domain": [("id", "in", self.ids)]}
