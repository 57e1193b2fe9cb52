from datetime import date

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ..core import bpf as arithmetic

FIGURES = {"company_id", "date_from", "date_to", "revenue_prefixes", "income_prefixes", "gaps_reason"}
KEPT = ("filed", "locked")
FILING = {"state", "frozen_figures", "date_filed", "filed_user_id", "date_locked"}
DEADLINE = (4, 30)  # Code du travail, R6352-23: before 30 April


class Bpf(models.Model):
    """The training and financial return of a financial year (Cerfa 10443): computed from the records all year round,
    with what they still lack; then checked, filed with its receipt, and locked as it was told."""

    _name = "pope.bpf"
    _description = "Training and Financial Return"
    _inherit = ["mail.thread", "pope.reminder.mixin"]
    _order = "date_to desc, id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(string="From", required=True, default=lambda self: self._default_period()[0])
    date_to = fields.Date(string="To", required=True, default=lambda self: self._default_period()[1])
    form_id = fields.Many2one(
        "pope.bpf.form", compute="_compute_form_id", store=True, precompute=True, required=True, ondelete="restrict"
    )
    date_deadline = fields.Date(
        string="To File Before",
        compute="_compute_date_deadline",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        tracking=True,
        help="30 April by law; some years the ministry gives more time: write that day here.",
    )
    user_id = fields.Many2one("res.users", string="Person in Charge", default=lambda self: self.env.user)
    state = fields.Selection(
        [("draft", "In Progress"), ("checked", "Checked"), ("filed", "Filed"), ("locked", "Locked")],
        string="Status",
        required=True,
        default="draft",
        copy=False,
        tracking=True,
    )
    revenue_prefixes = fields.Char(
        string="Income to Place",
        required=True,
        default="70, 74",
        help="Accounts whose income must have a line, or be said to be outside training. Files tell the awards.",
    )
    income_prefixes = fields.Char(
        string="Whole Income", required=True, default="70, 74", help="What the part of training is told of."
    )
    key_ids = fields.One2many(
        "pope.bpf.key", "bpf_id", string="Charges", default=lambda self: self.env["pope.bpf.key"]._usual()
    )
    account_ids = fields.One2many("pope.bpf.account", "bpf_id", string="Accounts of Income")
    line_ids = fields.One2many("pope.bpf.line", "bpf_id", string="Lines", copy=False)
    gaps_reason = fields.Text(
        string="Why It Is Filed with Missing Data", help="Asked when data is still missing, kept with the return."
    )
    receipt_ids = fields.Many2many(
        "ir.attachment", copy=False, bypass_search_access=True, help="What the ministry's site gave."
    )
    date_filed = fields.Date(string="Filed On", copy=False, readonly=True, tracking=True)
    filed_user_id = fields.Many2one("res.users", string="Filed By", copy=False, readonly=True, ondelete="restrict")
    date_locked = fields.Date(string="Locked On", copy=False, readonly=True)
    frozen_figures = fields.Json(readonly=True, copy=False)
    live_figures = fields.Json(string="Figures of the Records", compute="_compute_live_figures")
    gap_count = fields.Integer(string="Missing Data", compute="_compute_panels")
    gaps_html = fields.Html(string="Missing", compute="_compute_panels", sanitize=False)
    controls_html = fields.Html(compute="_compute_panels", sanitize=False)
    changed_html = fields.Html(string="Changed Since", compute="_compute_panels", sanitize=False)
    identity_html = fields.Html(string="Frames A and B", compute="_compute_panels", sanitize=False)

    _period = models.Constraint("CHECK (date_from <= date_to)", "The period must begin before it ends.")
    _once = models.UniqueIndex("(company_id, date_to)", "There is a return for this financial year already.")

    # --- Fields ---

    @api.model
    def _default_period(self):
        """The last financial year that ended."""
        company, today = self.env.company, fields.Date.context_today(self)
        this_year = company.compute_fiscalyear_dates(today)
        last = company.compute_fiscalyear_dates(fields.Date.subtract(this_year["date_from"], days=1))
        return last["date_from"], last["date_to"]

    @api.depends("date_from", "date_to")
    def _compute_name(self):
        label = self.env["pope.financial.summary"]._year_label
        for bpf in self:
            bpf.name = f"BPF {label(bpf.date_from, bpf.date_to)}" if bpf.date_from and bpf.date_to else "BPF"

    @api.depends("date_to")
    def _compute_form_id(self):
        forms = self.env["pope.bpf.form"].search([("date_from", "!=", False)])
        for bpf in self:
            known = forms.filtered(lambda form, day=bpf.date_to: day and form.date_from <= day)
            bpf.form_id = (known or forms[-1:])[:1]

    @api.depends("date_to")
    def _compute_date_deadline(self):
        for bpf in self:
            bpf.date_deadline = bpf.date_to and date(bpf.date_to.year + 1, *DEADLINE)

    @api.depends("company_id", "date_from", "date_to", "state", "revenue_prefixes", "income_prefixes")
    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_live_figures(self):
        for bpf in self:
            # a company that the user may not open tells nothing
            allowed = self.env.su or bpf.company_id in self.env.companies
            known = allowed and bpf._origin and bpf.date_from and bpf.date_to and bpf.date_from <= bpf.date_to
            bpf.live_figures = bpf._compute_figures() if known else False

    @api.depends("live_figures", "frozen_figures", "state", "line_ids.override_amount", "line_ids.override_count")
    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_panels(self):
        render = self.env["ir.qweb"]._render
        for bpf in self:
            figures = bpf._figures()
            values = {"bpf": bpf, "gaps": bpf._gap_frames(figures)}
            bpf.gap_count = sum(gap["count"] for gap in figures.get("gaps", ()))
            bpf.gaps_html = render("pope_training.bpf_gaps", values)
            bpf.controls_html = render("pope_training.bpf_controls", {"controls": bpf._control_words()})
            bpf.changed_html = render("pope_training.bpf_changed", {"rows": bpf._changes(), "bpf": bpf})
            bpf.identity_html = render("pope_training.bpf_identity", {"rows": bpf._identity()})

    def _figures(self):
        """What the return says: of the records while it is open, of the day it was filed after that."""
        self.ensure_one()
        return (self.frozen_figures if self.state in ("filed", "locked") else self.live_figures) or {}

    def _overrides(self):
        corrected = self.env["pope.bpf.line"].search_fetch(
            [("bpf_id", "=", self._origin.id), ("is_overridden", "=", True)],
            ["code", "override_amount", "override_count", "override_hours"],
        )
        return {line.code: line._override() for line in corrected}

    def _told(self):
        """The figure of each line, with what people wrote instead of the records."""
        figures = self._figures()
        if not figures:
            return {}
        return arithmetic.told(figures["lines"], self.form_id._parents(), self._overrides(), figures["income"])

    def _whole_hours(self, told):
        return arithmetic.hours(told, self.form_id._parents()) if told else {}

    def _changes(self):
        """Lines whose records no longer say what was filed."""
        if self.state not in KEPT:
            return []
        live, kept = (self.live_figures or {}).get("lines", {}), (self.frozen_figures or {}).get("lines", {})
        names = {line.code: line.name for line in self.line_ids}
        return [
            {"name": names[code], "kept": self._figure_words(kept[code]), "live": self._figure_words(live[code])}
            for code in names
            if code in live and code in kept and live[code] != kept[code]
        ]

    # --- Create, write, delete ---

    @api.model_create_multi
    def create(self, vals_list):
        returns = super().create(vals_list)
        # whether the values say so, or the defaults of the context
        if any(bpf.state != "draft" or any(bpf[name] for name in FILING - {"state"}) for bpf in returns):
            raise UserError(self.env._("A return begins in progress: check it, then file it."))
        returns._make_lines()
        return returns

    def write(self, vals):
        if not self.env.su and FILING.intersection(vals):
            raise AccessError(self.env._("A return is checked, filed and locked by its buttons."))
        if FIGURES.intersection(vals):
            self._check_open()
        # sudo: a file that a colleague joined is there, whoever may open it
        receipts = {bpf: bpf.sudo().receipt_ids for bpf in self if bpf.state in KEPT}
        result = super().write(vals)
        if any(joined - bpf.sudo().receipt_ids for bpf, joined in receipts.items()):
            raise UserError(self.env._("The receipt of a return that was filed is kept with it."))
        if "date_to" in vals:
            self._make_lines()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_filed(self):
        if self.filtered(lambda bpf: bpf.state in KEPT):
            raise UserError(self.env._("A return that was filed is kept."))

    def _make_lines(self):
        """The lines of the form of its year, each once."""
        for bpf in self:
            strange = bpf.line_ids.filtered(lambda line, form=bpf.form_id: line.form_line_id.form_id != form)
            # sudo: nobody adds or takes away a line by hand, the form says which there are
            strange.sudo().with_context(pope_bpf_form=True).unlink()
            missing = bpf.form_id.line_ids - bpf.line_ids.form_line_id
            bpf.sudo().line_ids = [Command.create({"form_line_id": line.id}) for line in missing]

    def _check_open(self):
        if self.filtered(lambda bpf: bpf.state in KEPT):
            raise UserError(self.env._("This return was filed: what it says is kept as it was told."))

    def _go(self, vals):
        # sudo: nobody writes the course of a return by hand
        self.sudo().write(vals)

    # --- Actions ---

    @api.model
    def action_all_year(self):
        """The returns, with the one of the year that goes on and the one to file."""
        company, today = self.env.company, fields.Date.context_today(self)
        this_year = company.compute_fiscalyear_dates(today)
        last = company.compute_fiscalyear_dates(fields.Date.subtract(this_year["date_from"], days=1))
        known = self.search([("company_id", "=", company.id)]).mapped("date_to")
        self.create(
            [
                {"date_from": year["date_from"], "date_to": year["date_to"]}
                for year in (last, this_year)
                if year["date_to"] not in known
            ]
        )
        return self.env["ir.actions.act_window"]._for_xml_id("pope_training.pope_bpf_action")

    def action_refresh(self):
        """Read the records again; the screen reloads by itself."""
        self.invalidate_recordset()
        return True

    def action_check(self):
        """Somebody read the figures: the frames agree, and what is missing is explained."""
        for bpf in self:
            bpf._check_open()
            bpf.invalidate_recordset()
            bpf._check_agrees()
        self._go({"state": "checked"})

    def _check_agrees(self):
        wrong = [control["words"] for control in self._control_words() if not control["holds"]]
        if wrong:
            raise UserError(self.env._("The frames do not agree:\n%(list)s", list="\n".join(wrong)))
        if self.gap_count and not (self.gaps_reason or "").strip():
            raise UserError(
                self.env._(
                    "%(count)s data are still missing: mend them, or write why the return is filed without them.",
                    count=self.gap_count,
                )
            )

    def action_file(self):
        """What was typed on the ministry's site is kept, with its receipt."""
        self._check_manager()
        for bpf in self:
            if bpf.state != "checked":
                raise UserError(self.env._("Check the return before it is filed."))
            # sudo: a file that a colleague joined is there, whoever may open it
            if not bpf.sudo().receipt_ids:
                raise UserError(self.env._("Attach the receipt that the ministry's site gave."))
            bpf.invalidate_recordset(["live_figures"])
            bpf._check_agrees()
            bpf._go(
                {
                    "frozen_figures": bpf.live_figures,
                    "date_filed": fields.Date.context_today(bpf),
                    "filed_user_id": self.env.uid,
                    "state": "filed",
                }
            )

    def action_lock(self):
        self._check_manager()
        if self.filtered(lambda bpf: bpf.state != "filed"):
            raise UserError(self.env._("Only a return that was filed is locked."))
        self._go({"state": "locked", "date_locked": fields.Date.context_today(self)})

    def action_reopen(self):
        """The site allows a correction: the figures are those of the records again; the former ones stay in the log."""
        self._check_manager()
        if self.filtered(lambda bpf: bpf.state == "locked"):
            raise UserError(self.env._("This return is locked for good."))
        for bpf in self.filtered(lambda bpf: bpf.state == "filed"):
            rows = [f"{line.code} : {line.to_retype}" for line in bpf.line_ids]
            bpf.message_post(body=self.env._("Opened again. It had told: %(lines)s", lines=" ; ".join(rows)))
        self._go({"state": "draft", "frozen_figures": False, "date_filed": False, "filed_user_id": False})

    def _check_manager(self):
        if not self.env.user.has_group("pope_crm.group_pope_manager"):
            raise AccessError(self.env._("Only a manager files, opens again or locks a return."))

    # --- Reminders ---

    @api.model
    def _due_field(self):
        return "date_deadline"

    @api.model
    def _open_domain(self):
        return [("state", "in", ("draft", "checked")), ("date_deadline", "!=", False)]

    @api.model
    def _due_activity_type(self):
        return self.env.ref("pope_training.activity_type_bpf")

    @api.model
    def _cron_remind(self):
        self._remind()

    # --- Words ---

    def _manager_words(self):
        # sudo: the name that every paper of the association bears
        person = self.company_id.sudo().pope_representative_id
        return ", ".join(filter(None, (person.name, person.function)))

    def _identity(self):
        """Frames A and B: (label, value)."""
        company, figures = self.company_id, self._figures()
        place = " ".join(filter(None, (company.zip, company.city)))
        period = self.env._(
            "From %(start)s to %(end)s",
            start=format_date(self.env, self.date_from),
            end=format_date(self.env, self.date_to),
        )
        return [
            (self.env._("Organisation"), company.name or ""),
            (self.env._("Declaration of activity (NDA)"), company.pope_declaration_number or ""),
            (self.env._("SIRET"), company.company_registry or ""),
            (self.env._("Address"), ", ".join(filter(None, (company.street, company.street2, place)))),
            (self.env._("Phone"), company.phone or ""),
            (self.env._("Message address"), company.email or ""),
            (self.env._("Financial year"), period),
            (
                self.env._("Trainings held in whole or part at a distance"),
                self.env._("Yes") if figures.get("is_remote") else self.env._("No"),
            ),
        ]
