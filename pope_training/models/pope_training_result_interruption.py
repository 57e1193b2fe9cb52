import ast

from odoo import api, fields, models
from odoo.tools import format_date

from odoo.addons.pope_crm.core.suppression import hide_small

KIND = "interruption"


class TrainingResult(models.Model):
    """How many of those who began left on the way, and why (quality standard, indicators 2 and 12)."""

    _inherit = "pope.training.result"

    cause_counts = fields.Json(copy=False, help="Of who left, by cause; what leaves the house hides small counts.")
    causes = fields.Char(string="Why They Left", compute="_compute_causes")
    is_counted = fields.Boolean(compute="_compute_is_counted")

    @api.depends("kind", "cause_counts")
    @api.depends_context("lang")
    def _compute_causes(self):
        """As it is published: a cause that few people gave would tell whose it is."""
        labels = dict(self.env["pope.training.enrolment"]._fields["left_cause"]._description_selection(self.env))
        for result in self:
            counts = result.cause_counts or {}
            shown = [row[0] for row in hide_small([[counts.get(cause, 0)] for cause in labels])[:-1]]
            told = sorted(
                ((count, label) for count, label in zip(shown, labels.values(), strict=True) if count), reverse=True
            )
            result.causes = ", ".join(f"{label}\xa0{count}" for count, label in told)

    @api.depends("kind", "method")
    @api.depends_context("lang")
    def _compute_is_counted(self):
        methods = self._methods()
        for result in self:
            result.is_counted = result.method == methods.get(result.kind)

    def _sentence(self):
        if self.kind != KIND:
            return super()._sentence()
        rate = self.env._(
            "%(kind)s: %(rate)s of the %(people)s people who began a session that ended from %(start)s to %(end)s.",
            kind=self.display_name,
            rate=self._percent(self.rate),
            people=self.headcount,
            start=format_date(self.env, self.date_from),
            end=format_date(self.env, self.date_to),
        )
        published = self.env._("Published on %(day)s.", day=format_date(self.env, self.date_published))
        return " ".join(filter(None, [rate, self._causes_sentence(), self.method, published]))

    def _causes_sentence(self):
        if self.causes:
            return self.env._("Causes told: %(causes)s.", causes=self.causes)
        return self.cause_counts and self.env._("Too few people left for their causes to be told.")

    @api.model
    def _methods(self):
        return {
            **super()._methods(),
            KIND: self.env._("Trainees who left on the way, over those who followed one half-day at least."),
        }

    @api.model
    def _counted(self, programs, date_from, date_to):
        begun = self._trainees(programs, date_from, date_to).filtered("hours_attended")
        own = [
            (program, KIND, (people, people, people.filtered("date_left")))
            for program, people in begun.grouped("program_id").items()
        ]
        return super()._counted(programs, date_from, date_to) + own

    @api.model
    def _figures(self, kind, people, answered, yes):
        figures = super()._figures(kind, people, answered, yes)
        if kind == KIND:
            figures["cause_counts"] = {cause: len(left) for cause, left in yes.grouped("left_cause").items()}
        return figures

    def action_open_people(self):
        """Those whom the rate is about, as the records tell them today."""
        self.ensure_one()
        counted = self._counted(self.program_id, self.date_from, self.date_to)
        people = next((sets[1] for _program, kind, sets in counted if kind == self.kind), ())
        action = self.env["ir.actions.act_window"]._for_xml_id("pope_training.pope_training_enrolment_action_trainee")
        left = {"search_default_left": 1, "search_default_group_cause": 1} if self.kind == KIND else {}
        return action | {
            "name": self.display_name,
            "path": False,
            "domain": [("id", "in", [person.id for person in people])],
            "context": {"pope_trainees": True, **left},
        }


class TrainingEnrolment(models.Model):
    _inherit = "pope.training.enrolment"

    left_rate = fields.Float(
        string="Left on the Way (%)",
        compute="_compute_left_rate",
        store=True,
        aggregator="avg",
        digits=(5, 1),
        help="Of those who began.",
    )

    @api.depends("date_left")
    def _compute_left_rate(self):
        for enrolment in self:
            enrolment.left_rate = 100 if enrolment.date_left else 0

    @api.model
    @api.private
    def _left_figures(self, domain, name):
        """
        :return: dict record → (how many left on the way, their share of those who began)
        """
        begun = [("state", "in", ("open", "done")), ("registration_id.active", "=", True), ("hours_attended", ">", 0)]
        groups = self._read_group([*domain, *begun], [name], ["date_left:count", "left_rate:avg"])
        return {record: (left, round(rate)) for record, left, rate in groups}

    @api.model
    @api.private
    def _action_left(self, domain):
        """Who left and why, of whom the domain says; without the filter, all those who began."""
        action = self.env["ir.actions.act_window"]._for_xml_id("pope_training.pope_training_enrolment_action_left")
        views = sorted(action["views"], key=lambda view: view[1] != "list")
        begun = [*ast.literal_eval(action["domain"]), *domain]
        context = {"pope_trainees": True, "search_default_left": 1, "search_default_group_cause": 1}
        return action | {"path": False, "views": views, "domain": begun, "context": context}


class EventEvent(models.Model):
    _inherit = "event.event"

    pope_left_count = fields.Integer(
        string="Number Who Left", compute="_compute_pope_left_count", groups="pope_crm.group_pope_user"
    )
    pope_left_rate = fields.Integer(
        string="Left on the Way (%)", compute="_compute_pope_left_count", groups="pope_crm.group_pope_user"
    )

    def _compute_pope_left_count(self):
        figures = self.env["pope.training.enrolment"]._left_figures([("event_id", "in", self.ids)], "event_id")
        for event in self:
            event.pope_left_count, event.pope_left_rate = figures.get(event._origin, (0, 0))

    def action_pope_left(self):
        return self.env["pope.training.enrolment"]._action_left([("event_id", "in", self.ids)])


class TrainingProgram(models.Model):
    _inherit = "pope.training.program"

    left_count = fields.Integer(string="Number Who Left", compute="_compute_left_count")
    left_rate = fields.Integer(string="Left on the Way (%)", compute="_compute_left_count")

    def _compute_left_count(self):
        figures = self.env["pope.training.enrolment"]._left_figures([("program_id", "in", self.ids)], "program_id")
        for program in self:
            program.left_count, program.left_rate = figures.get(program._origin, (0, 0))

    def action_left(self):
        return self.env["pope.training.enrolment"]._action_left([("program_id", "in", self.ids)])
