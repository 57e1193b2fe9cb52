from odoo import models

from ..models.inner import INNER


class AccountPaymentRegister(models.TransientModel):
    _inherit = "account.payment.register"

    def _post_payments(self, to_process, edit_mode=False):
        """What pays an invoice is looked at with it, not as money that comes alone."""
        self = self.with_context(pope_pays_moves=INNER)  # noqa: PLW0642
        to_process = [{**values, "payment": values["payment"].with_env(self.env)} for values in to_process]
        return super()._post_payments(to_process, edit_mode)
