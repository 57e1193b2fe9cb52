from odoo import models

from .res_partner_anonymise import STATISTIC_TYPES


class ResPartner(models.Model):
    """What a merge of contacts must not lose."""

    _inherit = "res.partner"

    def _pope_take_over(self, sources):
        """Keep what the contacts that are merged into this one know and it does not: profile, numbers, and, as a note,
        the names and addresses that give way to its own."""
        names = self._pope_own_fields((*STATISTIC_TYPES, "char", "text"))
        values = {name: next(filter(None, sources.mapped(name)), False) for name in names if not self[name]}
        values = {name: getattr(value, "id", value) for name, value in values.items() if value}
        if not all((sources | self).mapped("pope_anonymised_date")):
            values["pope_anonymised_date"] = False  # one of them is known
        self.write(values)
        known = self._pope_numbers()
        for source in sources.filtered("phone"):
            if not known & self._pope_phone_forms(source.phone):
                self.env["pope.partner.phone"].create({"partner_id": self.id, "number": source.phone})
                known |= source._pope_numbers()
        labels = self.fields_get(["name", "email", "street", "zip", "city"], ["string"])
        gone = {
            f"{label['string']}: {source[name]}"
            for source in sources
            for name, label in labels.items()
            if source[name] and source[name] != self[name]
        }
        if gone:
            self._message_log(body=self.env._("Merged; was also known by: %(texts)s", texts="; ".join(sorted(gone))))
