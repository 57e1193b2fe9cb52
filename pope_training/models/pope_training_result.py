from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date, formatLang

KINDS = [
    ("satisfaction", "Satisfaction"),
    ("completion", "Followed to the end"),
    ("assessment", "Objectives reached"),
    ("certification", "Certification obtained"),
    ("insertion", "Working after the training"),
]


class TrainingResult(models.Model):
    """A result that is published: never a bare rate, always its period, its people, its answers and its method
    (quality standard, indicators 2 and 3)."""

    _name = "pope.training.result"
    _description = "Result of Trainings"
    _order = "date_to desc, kind, id"
    _check_company_auto = True

    program_id = fields.Many2one(
        "pope.training.program", string="Programme", ondelete="cascade", index=True, check_company=True, required=True
    )
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    kind = fields.Selection(KINDS, required=True, default="satisfaction")
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(string="To", required=True)
    headcount = fields.Integer(string="People", required=True, help="Whom the rate is about.")
    answer_count = fields.Integer(string="Answers", required=True, help="How many of them it is computed from.")
    positive_count = fields.Integer(string="Of Which Yes", required=True, help="Satisfied, to the end, working…")
    rate = fields.Float(string="Rate (%)", compute="_compute_rates", digits=(5, 1))
    answer_rate = fields.Float(string="Answers (%)", compute="_compute_rates", digits=(5, 1))
    method = fields.Char(string="How It Is Computed", required=True)
    date_published = fields.Date(string="Published On", readonly=True, copy=False)

    _period = models.Constraint("CHECK (date_from <= date_to)", "The period must begin before it ends.")
    _counts = models.Constraint(
        "CHECK (headcount > 0 AND answer_count > 0 AND positive_count >= 0)", "A rate is about people who answered."
    )

    @api.depends("headcount", "answer_count", "positive_count")
    def _compute_rates(self):
        for result in self:
            result.rate = 100 * result.positive_count / result.answer_count if result.answer_count else 0
            result.answer_rate = 100 * result.answer_count / result.headcount if result.headcount else 0

    @api.constrains("headcount", "answer_count", "positive_count")
    def _check_counts(self):
        if any(not result.positive_count <= result.answer_count <= result.headcount for result in self):
            raise ValidationError(self.env._("There are no more answers than people, nor more yes than answers."))

    @api.depends("kind", "date_from", "date_to")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for result in self:
            result.display_name = kinds.get(result.kind, "")

    def _sentence(self):
        """The result as the public reads it."""
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return self.env._(
            "%(kind)s: %(rate)s (%(answers)s answers of %(people)s people, from %(start)s to %(end)s). %(method)s",
            kind=kinds[self.kind],
            rate=f"{formatLang(self.env, self.rate, digits=0 if self.rate == int(self.rate) else 1)}\xa0%",
            answers=self.answer_count,
            people=self.headcount,
            start=format_date(self.env, self.date_from),
            end=format_date(self.env, self.date_to),
            method=self.method,
        )

    def action_publish(self):
        """The results are on the programme, dated; the next version of its sheet says them."""
        self.date_published = fields.Date.context_today(self)
        for program, results in self.grouped("program_id").items():
            lines = program.result_ids.filtered("date_published") | results
            program.results = "\n".join(line._sentence() for line in lines.sorted("kind"))

    @api.model
    @api.private
    def _propose(self, programs, date_from, date_to):
        """Results that the records tell: who followed the training to its end. Nothing where nobody took part.

        :return: the new results, not published
        """
        sessions = self.env["event.event"].search(
            [
                ("pope_program_id", "in", programs.ids),
                ("pope_kind", "=", "training"),
                ("kanban_state", "!=", "cancel"),
                ("date_end", ">=", date_from),
                ("date_end", "<", self.env.company._pope_moments_of(date_from, date_to)[1]),
            ]
        )
        enrolments = self.env["pope.training.enrolment"].search(
            [("event_id", "in", sessions.ids), ("state", "in", ("open", "done")), ("registration_id.active", "=", True)]
        )
        return self.create(
            [
                {
                    "program_id": program.id,
                    "company_id": program.company_id.id or self.env.company.id,
                    "kind": "completion",
                    "date_from": date_from,
                    "date_to": date_to,
                    "headcount": len(people),
                    "answer_count": len(people),
                    "positive_count": len(people.filtered(lambda enrolment: enrolment._followed_to_the_end())),
                    "method": self.env._(
                        "Trainees who followed at least 90 % of the planned hours, over all trainees."
                    ),
                }
                for program, people in enrolments.grouped(lambda enrolment: enrolment.event_id.pope_program_id).items()
            ]
        )


class TrainingProgram(models.Model):
    _inherit = "pope.training.program"

    result_ids = fields.One2many("pope.training.result", "program_id", string="Results to Publish")

    def action_propose_results(self):
        """The results of the last twelve months that the records tell, to be read before they are published."""
        today = fields.Date.context_today(self)
        results = self.env["pope.training.result"]._propose(self, fields.Date.subtract(today, years=1), today)
        action = self.env["ir.actions.act_window"]._for_xml_id("pope_training.pope_training_result_action")
        return action | {
            "domain": [("program_id", "in", self.ids)],
            "context": {"default_program_id": self[:1].id, "search_default_unpublished": bool(results)},
        }


class TrainingEnrolment(models.Model):
    _inherit = "pope.training.enrolment"

    def _followed_to_the_end(self):
        return bool(self.hours_planned) and self.hours_attended >= 0.9 * self.hours_planned
