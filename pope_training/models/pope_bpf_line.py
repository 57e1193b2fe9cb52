import math
import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_amount

OVERRIDES = ("override_amount", "override_count", "override_hours")
NUMBER = re.compile(r"-?\d{1,12}(\.\d{1,2})?")


class BpfLine(models.Model):
    """A line of one return: its figure comes from the records, unless somebody writes another one and says why."""

    _name = "pope.bpf.line"
    _description = "Line of the Training and Financial Return"
    _order = "bpf_id, sequence, id"
    _rec_name = "name"

    bpf_id = fields.Many2one("pope.bpf", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="bpf_id.company_id", store=True)
    currency_id = fields.Many2one(related="bpf_id.currency_id")
    form_line_id = fields.Many2one("pope.bpf.form.line", required=True, ondelete="restrict", index=True)
    sequence = fields.Integer(related="form_line_id.sequence", store=True)
    code = fields.Char(related="form_line_id.code", store=True)
    frame = fields.Char(related="form_line_id.frame")
    number = fields.Char(string="No.", related="form_line_id.number")
    kind = fields.Selection(related="form_line_id.kind")
    name = fields.Char(string="Line", compute="_compute_told")
    is_total = fields.Boolean(compute="_compute_is_total")
    amount = fields.Monetary(compute="_compute_told")
    people = fields.Integer(string="How Many", compute="_compute_told")
    hours = fields.Float(compute="_compute_told")
    to_retype = fields.Char(compute="_compute_told", help="As the form wants it: whole euros, whole hours.")
    source_amount = fields.Monetary(string="Amount of the Records", compute="_compute_told")
    source_count = fields.Integer(string="Number of the Records", compute="_compute_told")
    source_hours = fields.Float(string="Hours of the Records", compute="_compute_told")
    has_award = fields.Boolean(compute="_compute_told")
    is_overridden = fields.Boolean(string="Corrected", compute="_compute_is_overridden", store=True)
    override_amount = fields.Char(string="Amount Instead", help="Empty: the amount of the records.")
    override_count = fields.Char(string="Number Instead", help="Empty: the number of the records.")
    override_hours = fields.Char(
        string="Hours Instead", help="Empty: the hours of the records. 7,5 is seven and a half."
    )
    reason = fields.Char(help="Why the records do not say it.")

    _once = models.UniqueIndex("(bpf_id, form_line_id)", "This return has this line already.")

    @api.depends("form_line_id.form_id.line_ids.parent_code")
    def _compute_is_total(self):
        for line in self:
            line.is_total = line.code in line.form_line_id.form_id._parents()

    @api.depends(*OVERRIDES)
    def _compute_is_overridden(self):
        for line in self:
            line.is_overridden = any((line[name] or "").strip() for name in OVERRIDES)

    @api.depends(
        *("bpf_id.live_figures", "bpf_id.frozen_figures", "bpf_id.state", "bpf_id.line_ids.override_amount"),
        *("bpf_id.line_ids.override_count", "bpf_id.line_ids.override_hours"),
    )
    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_told(self):
        for bpf, lines in self.grouped("bpf_id").items():
            figures, told = bpf._figures(), bpf._told()
            whole = bpf._whole_hours(told)
            for line in lines:
                values, source = told.get(line.code, {}), figures.get("lines", {}).get(line.code, {})
                line.amount = values.get("amount") or 0.0
                line.people = values.get("count") or 0
                line.hours = (values.get("minutes") or 0) / 60
                line.source_amount = source.get("amount") or 0.0
                line.source_count = source.get("count") or 0
                line.source_hours = (source.get("minutes") or 0) / 60
                line.has_award = bool(figures.get("awards", {}).get(line.code))
                nsf = figures.get("specialities", {}).get(line.code)
                line.name = f"{nsf[0]} – {nsf[1]}" if nsf else line.form_line_id.name
                line.to_retype = line._words(values, whole.get(line.code, 0))

    def _words(self, values, hours):
        """The figure as it is written on the form."""
        if self.kind == "amount":
            return format_amount(self.env, math.floor(self.amount + 0.5), self.currency_id).replace(",00", "")
        if self.kind == "rate":
            return f"{int(self.amount)} %"
        if self.kind == "people":
            return self.env._("%(count)s · %(hours)s h", count=values.get("count") or 0, hours=hours)
        return self.bpf_id._manager_words()

    def _override(self):
        """What somebody wrote instead, as the arithmetic wants it."""
        hours = self._number("override_hours")
        return {
            "amount": self._number("override_amount"),
            "count": None if (count := self._number("override_count")) is None else round(count),
            "minutes": None if hours is None else round(hours * 60),
        }

    def _number(self, name):
        text = (self[name] or "").replace("\u202f", "").replace("\xa0", "").replace(" ", "").replace(",", ".")
        if text and not NUMBER.fullmatch(text):
            raise ValueError(self[name])
        return float(text) if text else None

    @api.constrains(*OVERRIDES, "reason")
    def _check_override(self):
        for line in self.filtered("is_overridden"):
            name = line.form_line_id.name
            if line.is_total or line.kind == "text":
                raise ValidationError(
                    self.env._("“%(name)s” is a total: correct the lines that it adds up.", name=name)
                )
            if not (line.reason or "").strip():
                raise ValidationError(
                    self.env._("%(name)s: say why the figure of the records is not the right one.", name=name)
                )
            try:
                numbers = [number for number in line._override().values() if number is not None]
            except ValueError as error:
                raise ValidationError(
                    self.env._("%(name)s: write figures only, such as 1250 or 7,5.", name=name)
                ) from error
            if (line._number("override_count") or 0.0) % 1:
                raise ValidationError(self.env._("%(name)s: a number of persons is whole.", name=name))
            if line.kind != "amount" and any(number < 0 for number in numbers):
                raise ValidationError(self.env._("%(name)s cannot be negative.", name=name))

    def write(self, vals):
        if {*OVERRIDES, "reason", "bpf_id", "form_line_id"}.intersection(vals):
            self.bpf_id._check_open()
        if {*OVERRIDES, "reason"}.intersection(vals):
            for line in self:
                before = [line[name] or "" for name in (*OVERRIDES, "reason")]
                if before != [vals.get(name, line[name]) or "" for name in (*OVERRIDES, "reason")]:
                    line._tell_override({**{name: line[name] for name in (*OVERRIDES, "reason")}, **vals})
        return super().write(vals)

    def _tell_override(self, vals):
        """Who wrote what, and why, stays with the return."""
        figures = ", ".join(filter(None, (vals[name] for name in OVERRIDES)))
        self.bpf_id.message_post(
            body=self.env._(
                "%(line)s: %(figures)s instead of the records. %(reason)s",
                line=self.name,
                figures=figures or self.env._("nothing more"),
                reason=vals["reason"] or "",
            )
        )

    # --- What is behind ---

    def action_open(self):
        """The records that make the figure."""
        self.ensure_one()
        return self.bpf_id._open_behind(self)

    def action_awards(self):
        self.ensure_one()
        files = [row["id"] for row in self.bpf_id._figures().get("awards", {}).get(self.code, ())]
        action = self.env["ir.actions.act_window"]._for_xml_id("pope_crm.pope_funding_action")
        return action | {"name": self.name, "domain": [("id", "in", files)], "context": {"create": False}}

    @api.ondelete(at_uninstall=False)
    def _unlink_alone(self):
        if not self.env.context.get("pope_bpf_form"):
            raise UserError(self.env._("A return has all the lines of its form."))
