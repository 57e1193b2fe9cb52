from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.pope_crm.models.pope_intake_form import DAILY_LIMIT, HOURLY_LIMIT, TooManyMessages


class QualityRegister(models.AbstractModel):
    """What people tell, each with its number in the year it came; the public page may write some.

    A register has `date`, `company_id`, `channel` and `author_email`, and a sequence with its model as code.
    """

    _name = "pope.quality.register"
    _description = "Numbered Register"

    reference = fields.Char(readonly=True, copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        for record in records:
            sequence = self.env["ir.sequence"].with_company(record.company_id)
            record.reference = sequence.next_by_code(self._name, sequence_date=record.date)
        return records

    @api.model
    def _check_flood(self, company, email):
        """By what arrived, not by the visitor's network address: several people share one, robots have many.

        :raises TooManyMessages: the page is closed for the moment
        """
        now = self.env.cr.now()
        own = [("channel", "=", "page"), ("company_id", "=", company.id)]
        hour = [*own, ("create_date", ">=", now - timedelta(hours=1))]
        day = [*own, ("create_date", ">=", now - timedelta(days=1)), ("author_email", "=", email)]
        if self.search_count(hour, limit=HOURLY_LIMIT) >= HOURLY_LIMIT or (
            email and self.search_count(day, limit=DAILY_LIMIT) >= DAILY_LIMIT
        ):
            raise TooManyMessages(
                self.env._(
                    "Many messages have arrived and we have not read them all yet. Please call us, or try later."
                )
            )
