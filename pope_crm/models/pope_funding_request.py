from odoo import fields, models
from odoo.exceptions import UserError

from .pope_funding_instalment import OPEN


class FundingInstalment(models.Model):
    """The letter that asks a funder to pay. It books nothing."""

    _inherit = "pope.funding.instalment"

    def action_request(self):
        """A letter a file; the day of the first one stays."""
        awaited = self.filtered(lambda row: row.state in OPEN)
        if not awaited:
            raise UserError(self.env._("Nothing is left to ask for: every instalment is requested, or received."))
        awaited.filtered(lambda row: not row.date_requested).date_requested = fields.Date.context_today(self)
        return self.env.ref("pope_crm.report_payment_request").report_action(awaited)

    def _letters(self):
        """The instalments of each letter: one file, one letter."""
        return list(self.grouped("funding_id").values())

    def _letter_name(self):
        own = self.with_context(lang=self.env["res.company"]._pope_paper_lang())
        return own.env._("Request for payment – %(name)s", name=self.funding_id[:1].name)

    def _papers_to_join(self):
        """A line a paper, each once."""
        lines = [line.strip() for row in self for line in (row.to_join or "").splitlines()]
        return list(dict.fromkeys(filter(None, lines)))
