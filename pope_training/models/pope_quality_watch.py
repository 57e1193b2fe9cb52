from odoo import api, fields, models


class QualityWatch(models.Model):
    """Something new that was read or heard, and what it changes (RNQ, indicators 23 to 26)."""

    _name = "pope.quality.watch"
    _description = "Watch Note"
    _inherit = ["mail.thread"]
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char(string="What Is New", required=True)
    domain = fields.Selection(
        [
            ("law", "Law and Rules (23)"),
            ("jobs", "Jobs and Skills (24)"),
            ("teaching", "Teaching and Technology (25)"),
            ("disability", "Disability (26)"),
        ],
        string="Field",
        required=True,
        default="law",
    )
    date = fields.Date(string="Read On", required=True, default=fields.Date.context_today)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    user_id = fields.Many2one("res.users", string="Noted By", default=lambda self: self.env.user)
    source = fields.Char(help="A letter, a site, a network's meeting…")
    url = fields.Char(string="Link")
    summary = fields.Text(string="In a Few Words")
    analysis = fields.Text(string="What It Changes for Us", tracking=True)
    date_shared = fields.Date(string="Told to the Team On", tracking=True)
    shared_how = fields.Char(string="How", help="At which meeting, by which message.")
    action_ids = fields.One2many("pope.quality.action", "watch_id", string="Actions")
    use = fields.Selection(
        [("noted", "Noted Only"), ("used", "Used"), ("shared", "Used and Told")],
        string="What Was Made of It",
        compute="_compute_use",
        store=True,
        help="An auditor asks what was made of each note, not how many there are.",
    )

    @api.depends("analysis", "date_shared")
    def _compute_use(self):
        for note in self:
            note.use = "noted" if not note.analysis else "shared" if note.date_shared else "used"
