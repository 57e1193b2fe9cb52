from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

# what an inspector asks for; when a subcontractor's own is due (Code du travail, D8222-5: vigilance, six months)
KINDS = [
    ("cv", "CV"),
    ("diploma", "Diploma or Certificate"),
    ("contract", "Subcontracting Contract"),
    ("declaration", "Declaration of Activity (NDA)"),
    ("vigilance", "Certificate of Vigilance (URSSAF)"),
    ("insurance", "Professional Liability Insurance"),
    ("qualiopi", "Qualiopi Certificate"),
    ("other", "Other"),
]
LASTS = {"vigilance": relativedelta(months=6)}


class TrainerPaper(models.Model):
    """What proves that a trainer may train: with its file, and the day until which it holds."""

    _name = "pope.trainer.paper"
    _description = "Paper of a Trainer"
    _inherit = ["mail.thread", "pope.reminder.mixin", "pope.joined.files"]
    _order = "partner_id, kind, date desc, id desc"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner", string="Trainer", required=True, ondelete="restrict", index=True, check_company=True
    )
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    kind = fields.Selection(KINDS, required=True, default="cv")
    name = fields.Char(string="Details")
    date = fields.Date(string="Dated", default=fields.Date.context_today)
    date_expiry = fields.Date(
        string="Valid Until", compute="_compute_date_expiry", store=True, readonly=False, index=True
    )
    attachment_ids = fields.Many2many("ir.attachment", string="Files", copy=False, bypass_search_access=True)
    user_id = fields.Many2one("res.users", string="Person in Charge", default=lambda self: self.env.user)
    standing = fields.Selection(
        [("holds", "Holds"), ("soon", "Expires Soon"), ("expired", "Expired"), ("replaced", "Replaced")],
        string="Validity",
        compute="_compute_standing",
    )
    is_replaced = fields.Boolean(help="A later paper of the same kind took its place.")

    @api.depends("kind", "date")
    def _compute_date_expiry(self):
        for paper in self:
            if paper.kind in LASTS and paper.date:
                paper.date_expiry = paper.date + LASTS[paper.kind]
            else:
                paper.date_expiry = paper.date_expiry

    @api.depends("date_expiry", "is_replaced")
    def _compute_standing(self):
        today = fields.Date.context_today(self)
        for paper in self:
            if paper.is_replaced:
                paper.standing = "replaced"
            elif not paper.date_expiry or paper.date_expiry > today + relativedelta(days=30):
                paper.standing = "holds"
            else:
                paper.standing = "soon" if paper.date_expiry >= today else "expired"

    @api.depends("kind", "name", "partner_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for paper in self:
            paper.display_name = f"{paper.name or kinds.get(paper.kind, '')} – {paper.partner_id.name or ''}"

    @api.model_create_multi
    def create(self, vals_list):
        papers = super().create(vals_list)
        papers._replace_former()
        return papers

    def _replace_former(self):
        """Of papers of one kind, only the last one has to hold; diplomas add up."""
        former = self.search(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
                ("kind", "in", [kind for kind in set(self.mapped("kind")) if kind not in ("diploma", "other")]),
                ("is_replaced", "=", False),
                ("id", "not in", self.ids),
            ]
        )
        new = {(paper.partner_id, paper.company_id, paper.kind) for paper in self}
        old = former.filtered(lambda paper: (paper.partner_id, paper.company_id, paper.kind) in new)
        old.is_replaced = True
        old._forget_reminders()

    @api.model
    def _due_field(self):
        return "date_expiry"

    @api.model
    def _open_domain(self):
        return [("date_expiry", "!=", False), ("is_replaced", "=", False)]

    @api.model
    def _due_activity_type(self):
        return self.env.ref("pope_training.activity_type_paper")

    @api.model
    def _cron_remind(self):
        self._remind()
