from odoo import api, fields, models
from odoo.exceptions import UserError


class QualityReport(models.Model):
    """Violence, harassment or discrimination during a training: a register that only a small group reads.

    Décret 2026-728, RNQ indicator 12: prevention and handling, from 1 November 2026.
    """

    _name = "pope.quality.report"
    _description = "Report of Violence, Harassment or Discrimination"
    _inherit = ["pope.quality.register"]
    _order = "date desc, id desc"
    _check_company_auto = True

    kind = fields.Selection(
        [
            ("violence", "Violence"),
            ("sexual", "Sexual or Sexist Violence"),
            ("harassment", "Harassment"),
            ("discrimination", "Discrimination"),
            ("unsorted", "To Be Sorted"),
        ],
        required=True,
        default="unsorted",
    )
    channel = fields.Selection(
        [("page", "Public Page"), ("email", "E-mail"), ("phone", "Phone"), ("spoken", "Spoken"), ("letter", "Letter")],
        string="Came By",
        required=True,
        default="spoken",
    )
    date = fields.Date(string="Reported On", required=True, default=fields.Date.context_today)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    user_id = fields.Many2one("res.users", string="Person in Charge", default=lambda self: self.env.user)
    author_name = fields.Char(string="Told By")
    author_email = fields.Char(string="Address")
    author_phone = fields.Char(string="Phone")
    event_id = fields.Many2one(
        "event.event",
        string="Session",
        ondelete="set null",
        index="btree_not_null",
        check_company=True,
        domain="[('pope_kind', '!=', False)]",
    )
    description = fields.Text(string="What Is Told")
    measures = fields.Text(
        string="What Was Done", help="To protect the person, then to establish and handle the facts."
    )
    date_closed = fields.Date(string="Closed On", readonly=True, copy=False)
    state = fields.Selection(
        [("open", "Open"), ("closed", "Closed")], compute="_compute_state", store=True, string="Status"
    )
    key = fields.Char(copy=False, readonly=True)

    _key_unique = models.UniqueIndex("(key) WHERE key IS NOT NULL", "This page was sent already.")

    @api.depends("date_closed")
    def _compute_state(self):
        for report in self:
            report.state = "closed" if report.date_closed else "open"

    @api.depends("reference", "kind")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for report in self:
            report.display_name = f"{report.reference or ''} – {kinds.get(report.kind, '')}"

    def action_close(self):
        for report in self:
            if not report.measures or report.kind == "unsorted":
                raise UserError(self.env._("Before a report is closed, say what it is and what was done."))
        self.date_closed = fields.Date.context_today(self)

    def action_reopen(self):
        self.date_closed = False

    # --- From the public page ---

    @api.model
    def _page_record(self, values):
        told = [values["training"], values["description"]]
        return {
            "author_name": values["author_name"],
            "author_email": values["author_email"],
            "author_phone": values["author_phone"],
            "description": "\n".join(filter(None, told)),
            "user_id": False,
        }
