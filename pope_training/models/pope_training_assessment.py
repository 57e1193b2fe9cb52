from lxml import html
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

RESULTS = [("acquired", "Acquired"), ("in_progress", "Being Acquired"), ("not_acquired", "Not Acquired")]


class TrainingAssessment(models.Model):
    """An objective of the programme, and whether a trainee reached it."""

    _name = "pope.training.assessment"
    _description = "Assessment of an Objective"
    _order = "enrolment_id, sequence, id"

    enrolment_id = fields.Many2one(
        "pope.training.enrolment", string="Trainee", required=True, ondelete="cascade", index=True
    )
    event_id = fields.Many2one(related="enrolment_id.event_id", store=True, index=True)
    company_id = fields.Many2one(related="enrolment_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Objective", required=True)
    result = fields.Selection(RESULTS)
    note = fields.Char(string="How It Was Seen", help="Exercise, questionnaire, scene played, observation…")

    def action_acquired(self):
        self.result = "acquired"


class TrainingEnrolment(models.Model):
    _inherit = "pope.training.enrolment"

    assessment_ids = fields.One2many("pope.training.assessment", "enrolment_id", string="Objectives")

    @api.private
    def _list_objectives(self):
        """Give each trainee who has none yet the objectives of their programme to be assessed."""
        values_list = [
            {"enrolment_id": enrolment.id, "sequence": number, "name": name}
            for enrolment in self
            if not enrolment.assessment_ids
            # sudo: objectives are those of the session, wherever the user may look
            for number, name in enumerate(enrolment.sudo().program_id._objective_names(), 1)
        ]
        return self.env["pope.training.assessment"].create(values_list)

    def _results_words(self):
        """The objectives with their result, once each one has one."""
        lines = self.assessment_ids
        if not lines or not all(lines.mapped("result")):
            return ""
        results = dict(lines._fields["result"]._description_selection(self.env))
        rows = Markup().join(
            Markup("<tr><td>%s</td><td>%s</td><td>%s</td></tr>") % (line.name, results[line.result], line.note or "")
            for line in lines
        )
        head = (self.env._("Objective"), self.env._("Result"), self.env._("How it was seen"))
        return Markup("<table><tr><th>%s</th><th>%s</th><th>%s</th></tr>") % head + rows + Markup("</table>")

    @api.model
    def _pope_document_words(self):
        results = (self.env._("result of each objective"), "", lambda enrolment: enrolment._results_words())
        return {**super()._pope_document_words(), "results": results}


class TrainingProgram(models.Model):
    _inherit = "pope.training.program"

    @api.private
    def _objective_names(self):
        """The objectives one by one: the items of the text, else its paragraphs."""
        if not self._says("objectives"):
            return []
        root = html.fragment_fromstring(self.objectives, create_parent="div")
        blocks = [*root.iter("li")] or [*root.iter("p")] or [root]
        texts = (" ".join(block.text_content().split()) for block in blocks)
        return [text for text in texts if text]


class EventEvent(models.Model):
    _inherit = "event.event"

    def action_pope_assess(self):
        """The objectives of all the trainees, to be assessed."""
        self.ensure_one()
        self.check_access("write")
        enrolments = self.env["pope.training.enrolment"].search(
            [("event_id", "=", self.id), ("state", "in", ("open", "done")), ("registration_id.active", "=", True)]
        )
        enrolments._list_objectives()
        if not enrolments.assessment_ids:
            raise UserError(self.env._("Write the objectives of the programme first, and enrol somebody."))
        action = self.env["ir.actions.act_window"]._for_xml_id("pope_training.pope_training_assessment_action")
        return {**action, "domain": [("event_id", "=", self.id)]}
