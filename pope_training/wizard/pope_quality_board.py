from datetime import datetime, time

from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models
from odoo.tools import format_date

from ..models.pope_quality_facts import SOON
from ..models.pope_quality_registers import NONE_IS_A_LACK, ONE_IS_ENOUGH

SCREENS = {
    "pope.training.program": "pope_training.pope_training_program_action",
    "pope.training.enrolment": "pope_training.pope_training_enrolment_action_trainee",
    "pope.training.slot": "pope_training.pope_training_slot_action",
    "res.partner": "pope_training.res_partner_action_trainer",
    "pope.quality.evidence": "pope_training.pope_quality_evidence_action",
    "pope.quality.feedback": "pope_training.pope_quality_feedback_action",
    "pope.quality.watch": "pope_training.pope_quality_watch_action",
    "pope.quality.action": "pope_training.pope_quality_action_action",
    "pope.quality.risk": "pope_training.pope_quality_risk_action",
    "pope.staff.skill": "pope_training.pope_staff_skill_action",
    "survey.user_input": "pope_training.survey_user_input_action",
}
STANDINGS = [
    ("missing", "Missing"),
    ("thin", "Thin"),
    ("soon", "Expires Soon"),
    ("covered", "Covered"),
    ("out", "Does Not Apply"),
]
# red is missing, amber is soon or thin, green is done, grey is not concerned
COLOURS = {"missing": "danger", "thin": "warning", "soon": "warning", "covered": "success", "out": "secondary"}


class QualityBoard(models.TransientModel):
    """The quality standard as of a day: each indicator, what proves it in the records, and what is missing."""

    _name = "pope.quality.board"
    _description = "Quality Board"
    _rec_name = "name"

    name = fields.Char(compute="_compute_name")
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, default=lambda self: self.env.company, ondelete="cascade"
    )
    date = fields.Date(string="As Of", required=True, default=fields.Date.context_today)
    date_since = fields.Date(
        string="Sessions Since",
        required=True,
        default=lambda self: fields.Date.context_today(self) - relativedelta(years=1),
    )
    event_ids = fields.Many2many(
        "event.event",
        string="Sample of Sessions",
        domain=[("pope_kind", "=", "training")],
        help="Empty: all sessions of the period.",
    )
    standard_id = fields.Many2one("pope.quality.standard", readonly=True)
    session_count = fields.Integer(string="Sessions", readonly=True)
    tile_ids = fields.One2many("pope.quality.board.tile", "board_id", string="Indicators", readonly=True)
    tiles_html = fields.Html(string="Board", compute="_compute_tiles_html", sanitize=False)
    missing_count = fields.Integer(string="Indicators Missing", compute="_compute_counts")
    thin_count = fields.Integer(string="Indicators Thin", compute="_compute_counts")
    soon_count = fields.Integer(string="Evidence That Expires", compute="_compute_counts")
    covered_count = fields.Integer(string="Indicators Covered", compute="_compute_counts")

    @api.depends("date", "standard_id")
    def _compute_name(self):
        for board in self:
            day = board.date and format_date(self.env, board.date)
            board.name = " · ".join(filter(None, (board.standard_id.name, day))) or False

    @api.depends("tile_ids.standing")
    def _compute_counts(self):
        for board in self:
            standings = board.tile_ids.mapped("standing")
            for name in ("missing", "thin", "soon", "covered"):
                board[f"{name}_count"] = standings.count(name)

    @api.depends("tile_ids.standing")
    @api.depends_context("lang")
    def _compute_tiles_html(self):
        labels = dict(self.env["pope.quality.board.tile"]._fields["standing"]._description_selection(self.env))
        for board in self:
            values = {"criteria": board.tile_ids.grouped("criterion_id"), "labels": labels, "colours": COLOURS}
            board.tiles_html = self.env["ir.qweb"]._render("pope_training.quality_tiles", values)

    @api.model
    def action_open(self):
        """The board of today, over the last twelve months."""
        board = self.create({})
        board.action_refresh()
        return board._open()

    def _open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Qualiopi Board"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(self.env.ref("pope_training.pope_quality_board_view_form").id, "form")],
            "help": self.env._("Choose a day and sessions, then refresh."),
        }

    def _sessions(self):
        """The sample, or the sessions of the period that were not called off."""
        if self.event_ids:
            return self.event_ids
        start, _end = self.company_id._pope_moments_of(self.date_since, self.date_since)
        return self.env["event.event"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("pope_kind", "=", "training"),
                ("kanban_state", "!=", "cancel"),
                ("date_end", ">=", start),
                ("date_begin", "<=", datetime.combine(self.date, time.max)),
            ]
        )

    def action_refresh(self):
        """Look at the records again, and lay out the tiles."""
        self.ensure_one()
        Rule = self.env["pope.quality.evidence.rule"]
        standard, sessions = self.env["pope.quality.standard"]._of(self.date), self._sessions()
        facts = Rule._facts(self.company_id, self.date, sessions)
        delivered = Rule._delivered(facts)
        rules = Rule.search([("active", "=", True)]).grouped("number")
        gradings = self.env["pope.quality.grading"].search([("number", ">", 0)]).grouped("number")
        tiles, rows_of = [], []
        for indicator in standard.criterion_ids.indicator_ids:
            applies, reason = indicator._applies(delivered)
            own = rules.get(indicator.number, Rule) if applies else Rule
            rows = [self._row(rule, rule._look(facts)) for rule in own]
            tiles.append(
                {
                    "indicator_id": indicator.id,
                    "applies_reason": reason,
                    "severity": gradings[indicator.number].severity if indicator.number in gradings else "unknown",
                    "standing": self._standing(rows) if applies else "out",
                    "evidence_count": sum(row["found_count"] for row in rows),
                    "date_expiry": min(filter(None, (row["date_expiry"] for row in rows)), default=False),
                }
            )
            rows_of.append(rows)
        self.write({"standard_id": standard.id, "session_count": len(sessions), "tile_ids": [Command.clear()]})
        laid = self.tile_ids.create([{**tile, "board_id": self.id} for tile in tiles])
        self.tile_ids.row_ids.create(
            [{**row, "tile_id": tile.id} for tile, rows in zip(laid, rows_of, strict=True) for row in rows]
        )
        return self._open()

    def _row(self, rule, told):
        found, asked, expiry = told["found"], told["asked"], told["expiry"]
        if rule.check in ONE_IS_ENOUGH:
            standing = "covered" if found else "thin" if asked else "missing"
        elif not asked:
            standing = "missing" if rule.check in NONE_IS_A_LACK else "out"
        else:
            standing = "covered" if found == asked else "thin" if found else "missing"
        if standing == "covered" and expiry and expiry <= self.date + SOON:
            standing = "soon"
        return {
            "rule_id": rule.id,
            "standing": standing,
            "found_count": len(found),
            "asked_count": len(asked),
            "date_expiry": expiry,
            "res_model": asked._name,
            "found_ids": found.ids,
            "missing_ids": (asked - found).ids,
        }

    @api.model
    def _standing(self, rows):
        """Of an indicator, by those of its evidence: the weakest, but something is never nothing."""
        told = [row["standing"] for row in rows if row["standing"] != "out"]
        if not told or set(told) == {"missing"}:
            return "missing"
        if "missing" in told or "thin" in told:
            return "thin"
        return "soon" if "soon" in told else "covered"


class QualityBoardTile(models.TransientModel):
    """An indicator on the board."""

    _name = "pope.quality.board.tile"
    _description = "Indicator on the Quality Board"
    _order = "number, id"
    _rec_name = "label"

    board_id = fields.Many2one("pope.quality.board", required=True, ondelete="cascade", index=True)
    indicator_id = fields.Many2one(
        "pope.quality.indicator", string="Indicator of the Standard", required=True, ondelete="cascade"
    )
    number = fields.Integer(related="indicator_id.number", store=True)
    label = fields.Char(string="Indicator", related="indicator_id.name")
    criterion_id = fields.Many2one(related="indicator_id.criterion_id", store=True)
    is_revised = fields.Boolean(related="indicator_id.is_revised")
    applies_reason = fields.Char(string="Why It Applies", readonly=True)
    severity = fields.Selection(
        [("both", "Minor or major"), ("major", "Major only"), ("unknown", "Not known yet")],
        string="When It Is Not Met",
        readonly=True,
    )
    standing = fields.Selection(STANDINGS, string="Status", readonly=True)
    evidence_count = fields.Integer(string="Pieces of Evidence", readonly=True)
    date_expiry = fields.Date(string="First Expiry", readonly=True)
    row_ids = fields.One2many("pope.quality.board.row", "tile_id", string="Evidence", readonly=True)


class QualityBoardRow(models.TransientModel):
    """What one rule found."""

    _name = "pope.quality.board.row"
    _description = "Evidence on the Quality Board"
    _order = "id"
    _rec_name = "rule_id"

    tile_id = fields.Many2one("pope.quality.board.tile", required=True, ondelete="cascade", index=True)
    rule_id = fields.Many2one("pope.quality.evidence.rule", string="Evidence", required=True, ondelete="cascade")
    check = fields.Selection(related="rule_id.check")
    standing = fields.Selection(STANDINGS, string="Status", readonly=True)
    found_count = fields.Integer(string="Found", readonly=True)
    asked_count = fields.Integer(string="Of", readonly=True)
    date_expiry = fields.Date(string="Good Until", readonly=True)
    res_model = fields.Char(readonly=True)
    found_ids = fields.Json(string="Records Found", readonly=True)
    missing_ids = fields.Json(readonly=True)

    def action_found(self):
        return self._open(self.found_ids)

    def action_missing(self):
        return self._open(self.missing_ids)

    def _open(self, ids):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(SCREENS[self.res_model])
        return action | {
            "name": self.rule_id.name,
            "domain": [("id", "in", ids or [])],
            "context": {"default_rule_id": self.rule_id.id, "create": self.res_model == "pope.quality.evidence"},
        }

    def action_attach(self):
        """A new piece of evidence for this rule."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.rule_id.name,
            "res_model": "pope.quality.evidence",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_rule_id": self.rule_id.id,
                "default_name": self.rule_id.name,
                "default_event_ids": self.tile_id.board_id.event_ids.ids,
            },
        }
