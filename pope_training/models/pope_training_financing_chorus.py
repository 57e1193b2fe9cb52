from odoo import api, fields, models

# what Chorus Pro asks of an invoice to a public buyer: field of the add-on of Odoo → what the line says
CHORUS = {
    "buyer_reference": "service_code",
    "contract_reference": "number",
    "purchase_order_reference": "engagement_number",
}


class TrainingFinancing(models.Model):
    """What a public buyer wants to read on its invoices, where the add-on of Odoo for Chorus Pro is installed."""

    _inherit = "pope.training.financing"

    engagement_number = fields.Char(
        string="Commitment Number",
        compute="_compute_chorus",
        store=True,
        readonly=False,
        copy=False,
        help="Of the order of a public buyer (Chorus Pro); proposed for whom else it pays in the session.",
    )
    service_code = fields.Char(
        compute="_compute_chorus",
        store=True,
        readonly=False,
        copy=False,
        help="Of the service that pays, of a public buyer (Chorus Pro); proposed for all that it pays.",
    )

    is_body = fields.Boolean(related="partner_id.is_company", string="Paid by a Body")

    @api.depends("partner_id")
    def _compute_chorus(self):
        """What this payer said of another line."""
        if not self._has_chorus():
            return
        known = self.search(
            [
                ("partner_id", "in", self.partner_id.filtered("is_company").ids),
                ("id", "not in", self.ids),
                ("company_id", "in", self.company_id.ids),
                "|",
                ("engagement_number", "!=", False),
                ("service_code", "!=", False),
            ],
            order="id desc",
        ).grouped("partner_id")
        for line in self:
            rows = known.get(line.partner_id, self.browse())
            same = rows.filtered(lambda row, event=line.event_id: row.event_id == event)
            line.engagement_number = line.engagement_number or same.filtered("engagement_number")[:1].engagement_number
            line.service_code = line.service_code or rows.filtered("service_code")[:1].service_code

    @api.model
    @api.private
    def _has_chorus(self):
        return set(CHORUS) <= set(self.env["account.move"]._fields)

    @api.private
    def _chorus_values(self):
        """Of an invoice to a body; nothing where the add-on is not installed."""
        if not self._has_chorus() or not self.partner_id.is_company:
            return {}
        return {name: self[source] for name, source in CHORUS.items()}

    def _invoice_key(self):
        """Lines of one invoice say the same."""
        return (*super()._invoice_key(), *(value or "" for value in self._chorus_values().values()))

    def _invoice_values(self):
        return {**super()._invoice_values(), **self[0]._chorus_values()}

    def _credit_note_values(self, invoice):
        kept = {name: invoice[name] for name in CHORUS} if self._has_chorus() else {}
        return {**super()._credit_note_values(invoice), **kept}


class TrainingEnrolment(models.Model):
    _inherit = "pope.training.enrolment"

    has_chorus = fields.Boolean(string="Chorus Pro", compute="_compute_has_chorus")

    def _compute_has_chorus(self):
        """Whether what Chorus Pro asks of public buyers has its place on invoices."""
        self.has_chorus = self.env["pope.training.financing"]._has_chorus()
