from odoo import api, fields, models


class ImportRow(models.Model):
    """A row of an imported file and what became of it; kept, so that a second import knows what the first one made."""

    _name = "pope.import.row"
    _description = "Row of an Imported File"
    _order = "import_id desc, number"

    import_id = fields.Many2one("pope.import", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="import_id.company_id", store=True, precompute=True)
    number = fields.Integer(string="Row", readonly=True, aggregator=None)
    state = fields.Selection(
        [
            ("created", "New"),
            ("completed", "Completed"),
            ("same", "Already there"),
            ("duplicate", "Twice in the file"),
            ("refused", "Refused"),
            ("ignored", "Not a row"),
        ],
        required=True,
        readonly=True,
        index=True,
    )
    label = fields.Char(readonly=True)
    reason = fields.Char(string="Told", readonly=True)
    key = fields.Char(readonly=True, help="Tells the same row in another file: a digest, which holds no name.")
    content = fields.Char(readonly=True, help="Digest of all that the row says.")
    is_done = fields.Boolean(readonly=True)
    lead_id = fields.Many2one("crm.lead", string="Project", ondelete="set null", index="btree_not_null", readonly=True)
    partner_id = fields.Many2one(
        "res.partner", string="Contact", ondelete="set null", index="btree_not_null", readonly=True
    )

    _key_idx = models.Index("(key) WHERE key IS NOT NULL")

    @api.depends("label", "lead_id", "partner_id", "number")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for line in self:
            line.display_name = (
                line.lead_id.name
                or line.partner_id.name
                or line.label
                or self.env._("Row %(number)s", number=line.number)
            )

    def action_open_record(self):
        self.ensure_one()
        record = self.lead_id or self.partner_id
        return record.get_formview_action() if record else False
