from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..models.res_company import HALVES

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LONGEST = 400  # days of a period


class TrainingLayout(models.TransientModel):
    """All the half-days of a session in one gesture: a period and its weekdays, seen as a list that can be changed."""

    _name = "pope.training.layout"
    _description = "Lay Out the Half-Days"
    _check_company_auto = True

    event_id = fields.Many2one("event.event", string="Session", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="event_id.company_id")
    date_from = fields.Date(string="From")
    date_to = fields.Date(string="Through")
    monday = fields.Boolean(default=True)
    tuesday = fields.Boolean(default=True)
    wednesday = fields.Boolean(default=True)
    thursday = fields.Boolean(default=True)
    friday = fields.Boolean(default=True)
    saturday = fields.Boolean()
    sunday = fields.Boolean()
    has_morning = fields.Boolean(string="Mornings", default=True)
    has_afternoon = fields.Boolean(string="Afternoons", default=True)
    has_evening = fields.Boolean(string="Evenings")
    is_remote = fields.Boolean(string="Remote")
    address_id = fields.Many2one("res.partner", string="Place", check_company=True)
    trainer_id = fields.Many2one("res.partner", check_company=True, domain="[('pope_role_ids.code', '=', 'trainer')]")
    line_ids = fields.One2many(
        "pope.training.layout.line",
        "layout_id",
        string="Half-Days",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    holidays_skipped = fields.Char(string="Public Holidays Skipped", compute="_compute_holidays_skipped")
    hours = fields.Float(string="Hours of These Half-Days", compute="_compute_hours")
    hours_known = fields.Float(string="Hours Planned Already", compute="_compute_hours")
    hours_announced = fields.Float(string="Hours of the Programme", related="event_id.pope_program_id.duration_hours")

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        event = self.env["event.event"].browse(values.get("event_id"))
        if event:
            values["address_id"] = event.address_id.id
            known = event.pope_slot_ids.filtered(lambda slot: slot.state == "planned")
            if not known and event.date_begin:
                day, last = (event.company_id or self.env.company)._pope_day_of(event.date_begin), event.date_end
                values["date_from"] = day
                values["date_to"] = (event.company_id or self.env.company)._pope_day_of(last)
        return values

    @api.depends("date_from", "date_to", "has_morning", "has_afternoon", "has_evening", "event_id", *WEEKDAYS)
    def _compute_line_ids(self):
        for wizard in self:
            days, _off = wizard._days()
            company = (wizard.event_id.company_id or self.env.company).sudo()  # sudo: the usual hours of the company
            values = []
            for half, _label in HALVES:
                if wizard[f"has_{half}"]:
                    begin, end = company._pope_hours_of(half)
                    values += [{"date": day, "half": half, "hour_from": begin, "hour_to": end} for day in days]
            values.sort(key=lambda line: (line["date"], line["hour_from"]))
            wizard.line_ids = [Command.clear(), *(Command.create(line) for line in values)]

    @api.depends("date_from", "date_to", *WEEKDAYS)
    def _compute_holidays_skipped(self):
        for wizard in self:
            _days, off = wizard._days()
            wizard.holidays_skipped = ", ".join(format_date(self.env, day, date_format="d MMMM") for day in off)

    def _days(self):
        if not (self.date_from and self.date_to) or self.date_to < self.date_from:
            return [], []
        if (self.date_to - self.date_from).days > LONGEST:
            raise UserError(self.env._("A session of more than a year: lay it out in several times."))
        weekdays = [number for number, name in enumerate(WEEKDAYS) if self[name]]
        return self.env["event.event"]._pope_days(self.date_from, self.date_to, weekdays)

    @api.depends("line_ids.hour_from", "line_ids.hour_to", "event_id")
    def _compute_hours(self):
        for wizard in self:
            wizard.hours = sum(line.hour_to - line.hour_from for line in wizard.line_ids)
            wizard.hours_known = wizard.event_id.pope_hours_planned

    def action_lay_out(self):
        self.ensure_one()
        if not self.line_ids:
            raise UserError(self.env._("There is no half-day to add: choose a period, or add dates to the list."))
        common = {
            "is_remote": self.is_remote,
            "address_id": not self.is_remote and self.address_id.id,
            "trainer_id": self.trainer_id.id,
        }
        self.event_id._pope_lay_out([{**common, **line._slot_values()} for line in self.line_ids])
        return {"type": "ir.actions.act_window_close"}


class TrainingLayoutLine(models.TransientModel):
    _name = "pope.training.layout.line"
    _description = "Half-Day to Lay Out"
    _order = "date, hour_from, id"

    layout_id = fields.Many2one("pope.training.layout", required=True, ondelete="cascade")
    date = fields.Date(required=True)
    half = fields.Selection(HALVES, string="Half-Day", required=True, default="morning")
    hour_from = fields.Float(string="From", compute="_compute_hour_from", store=True, readonly=False)
    hour_to = fields.Float(string="Until", compute="_compute_hour_from", store=True, readonly=False)

    @api.depends("half")
    def _compute_hour_from(self):
        for line in self:
            company = line.layout_id.event_id.company_id or self.env.company
            # sudo: users read the usual hours, not the settings of the company
            line.hour_from, line.hour_to = company.sudo()._pope_hours_of(line.half or "morning")

    def _slot_values(self):
        return {name: self[name] for name in ("date", "half", "hour_from", "hour_to")}
