from odoo import api, models
from odoo.exceptions import AccessError

from odoo.addons.pope_crm.models.asked_values import names_asked


class TrainingAgreement(models.Model):
    """What becomes of an agreement is what its gestures make of it: nobody writes that it was sent or signed."""

    _inherit = "pope.training.agreement"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_course(names_asked(self, vals))
        return super().create(vals_list)

    def write(self, vals):
        self._check_course(vals)
        return super().write(vals)

    @api.model
    def _check_course(self, names):
        if COURSE.intersection(names) and not self.env.su:
            raise AccessError(
                self.env._("An agreement is sent, signed, refused and withdrawn from by its buttons and its page only.")
            )


# what proves what was agreed, and since when
COURSE = {
    *("state", "number", "version", "document_id", "date_sent", "date_signed", "is_remote", "scan_ids", "refusal"),
    *("date_withdrawn", "date_withdrawal_end", "withdrawal_days", "news_count"),
}
