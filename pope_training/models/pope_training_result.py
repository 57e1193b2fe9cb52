from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date, formatLang, html2plaintext

KINDS = [
    ("satisfaction", "Satisfaction"),
    ("completion", "Followed to the end"),
    ("interruption", "Left on the way"),
    ("assessment", "Objectives reached"),
    ("certification", "Certification obtained"),
    ("insertion", "Working after the training"),
]
SATISFIED = 75  # a mean mark of 4 from 1 to 5


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
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for result in self:
            result.display_name = kinds.get(result.kind, "")

    def _sentence(self):
        """The result as the public reads it."""
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return self.env._(
            "%(kind)s: %(rate)s (%(answers)s answers of %(people)s people, that is %(share)s, from %(start)s to"
            " %(end)s). %(method)s Published on %(day)s.",
            kind=kinds[self.kind],
            rate=self._percent(self.rate),
            answers=self.answer_count,
            people=self.headcount,
            share=self._percent(self.answer_rate),
            start=format_date(self.env, self.date_from),
            end=format_date(self.env, self.date_to),
            method=self.method,
            day=format_date(self.env, self.date_published),
        )

    def _percent(self, rate):
        return f"{formatLang(self.env, rate, digits=0 if rate == int(rate) else 1)}\xa0%"

    def _current(self):
        """Those that hold today: of each kind, the last one that was published."""
        published = self.filtered("date_published").sorted(lambda result: (result.date_to, result.date_published))
        last = {(result.program_id, result.company_id, result.kind): result for result in published}
        return self.browse().union(*last.values()).sorted("kind")

    def action_publish(self):
        """The results are on the programme and on its public page, dated; the next version of its sheet says them."""
        self.date_published = fields.Date.context_today(self)
        for program in self.program_id:
            partner = (program.company_id or self.env.company).partner_id
            told = program.with_context(lang=partner.lang or self.env.lang)  # as its sheet
            told.results = "\n".join(result._sentence() for result in told.result_ids._current())

    @api.model
    @api.private
    def _propose(self, programs, date_from, date_to):
        """Results that the records tell, nothing where nobody answered; what was proposed before and is not published
        gives way.

        :return: the results, not published
        """
        methods = self._methods()
        former = {
            (result.program_id, result.kind): result
            for result in self.search([("program_id", "in", programs.ids), ("date_published", "=", False)])
            if result.method == methods.get(result.kind)  # the others are the team's own
        }
        proposed, values_list = self.browse(), []
        for program, kind, (people, answered, yes) in self._counted(programs, date_from, date_to):
            values = {
                "date_from": date_from,
                "date_to": date_to,
                **self._figures(kind, people, answered, yes),
            }
            if result := former.get((program, kind)):
                result.write(values)
                proposed |= result
            else:
                company = program.company_id or self.env.company
                own = {"program_id": program.id, "company_id": company.id, "kind": kind, "method": methods[kind]}
                values_list.append({**values, **own})
        return proposed | self.create(values_list)

    @api.model
    def _figures(self, kind, people, answered, yes):
        return {"headcount": len(people), "answer_count": len(answered), "positive_count": len(yes)}

    @api.model
    def _methods(self):
        """How each kind is computed: kind → words."""
        return {
            "satisfaction": self.env._(
                "Trainees whose mean mark is at least 4 of 5, over those who answered the survey at the end."
            ),
            "completion": self.env._("Trainees who followed at least 90 % of the planned hours, over all trainees."),
            "assessment": self.env._(
                "Trainees who reached every objective of the programme, over those whose learning was assessed."
            ),
            "insertion": self.env._(
                "People in a job, over those who looked for one when they enrolled and who answered six months after"
                " the training."
            ),
        }

    @api.model
    def _counted(self, programs, date_from, date_to):
        """
        :return: list of (programme, kind, (people, those who answered, those who said yes)), where anybody answered
        """
        trainees = self._trainees(programs, date_from, date_to)
        marked = self._answers([("pope_kind", "=", "end"), ("pope_enrolment_id", "in", trainees.ids)])
        marked = marked.filtered(lambda answer: answer.state == "done" and answer.pope_has_score)
        satisfied = marked.filtered(lambda answer: answer.pope_score >= SATISFIED)
        asked = self._answers(
            [
                ("pope_kind", "=", "insertion"),
                ("pope_program_id", "in", programs.ids),
                ("pope_date", ">=", date_from),
                ("pope_date", "<=", date_to),
            ]
        )
        placed, untold = asked._pope_jobs()
        told = {
            "satisfaction": (trainees, marked.pope_enrolment_id, satisfied.pope_enrolment_id),
            "completion": (trainees, trainees, trainees.filtered(lambda trainee: trainee._followed_to_the_end())),
            "assessment": (trainees, *trainees._assessed()),
            "insertion": (asked.pope_enrolment_id, (asked - untold).pope_enrolment_id, placed.pope_enrolment_id),
        }
        groups = {kind: [people.grouped("program_id") for people in sets] for kind, sets in told.items()}
        return [
            (program, kind, [group.get(program, trainees.browse()) for group in sets])
            for program in programs
            for kind, sets in groups.items()
            if program in sets[1]
        ]

    @api.model
    def _trainees(self, programs, date_from, date_to):
        """Who was enrolled in the sessions of these programmes that ended in the period."""
        sessions = self.env["event.event"].search(
            [
                ("pope_program_id", "in", programs.ids),
                ("pope_kind", "=", "training"),
                ("kanban_state", "!=", "cancel"),
                ("date_end", ">=", date_from),
                ("date_end", "<", self.env.company._pope_moments_of(date_from, date_to)[1]),
            ]
        )
        return self.env["pope.training.enrolment"].search(
            [("event_id", "in", sessions.ids), ("state", "in", ("open", "done")), ("registration_id.active", "=", True)]
        )

    @api.model
    def _answers(self, domain):
        return self.env["survey.user_input"].search(
            [("test_entry", "=", False), ("pope_enrolment_id", "!=", False), *domain]
        )


class SurveyQuestionAnswer(models.Model):
    _inherit = "survey.question.answer"

    pope_is_job = fields.Boolean(
        string="Counts as a Job", help="Who chooses it is counted among those who work after the training."
    )


class SurveyUserInput(models.Model):
    _inherit = "survey.user_input"

    def _pope_jobs(self):
        """
        :return: (those who say they work, those who do not tell: without an answer, or where no choice counts as a job)
        """
        told = self.filtered(
            lambda answer: (
                answer.state == "done" and any(answer.survey_id.question_ids.suggested_answer_ids.mapped("pope_is_job"))
            )
        )
        placed = told.filtered(lambda answer: any(answer.user_input_line_ids.suggested_answer_id.mapped("pope_is_job")))
        return placed, self - told


class TrainingProgram(models.Model):
    _inherit = "pope.training.program"

    result_ids = fields.One2many("pope.training.result", "program_id", string="Results to Publish")

    @api.private
    def _public_results(self, company):
        """What a company publishes of each programme, in sentences."""
        own = self.result_ids.filtered(lambda result: result.company_id == company)
        return {
            program: [result._sentence() for result in results]
            for program, results in own._current().grouped("program_id").items()
        }

    @api.private
    def _newer_results(self, company):
        """The sentences that the sheet of the page does not say yet."""
        said = " ".join(html2plaintext(self._last_version().sheet).split())
        sentences = self._public_results(company).get(self, ())
        return [sentence for sentence in sentences if " ".join(sentence.split()) not in said]

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

    def _assessed(self):
        """
        :return: (those each objective of whom has its result, those who reached all of them)
        """
        told = self.filtered(lambda trainee: trainee.assessment_ids and all(trainee.assessment_ids.mapped("result")))
        return told, told.filtered(lambda trainee: set(trainee.assessment_ids.mapped("result")) == {"acquired"})
