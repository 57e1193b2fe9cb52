from odoo import api, fields, models


class EventEvent(models.Model):
    """The file of a session: a checklist whose lines tick themselves from facts, for who works and for an inspector."""

    _inherit = "event.event"

    pope_file = fields.Html(
        string="File", compute="_compute_pope_file", sanitize=False, groups="pope_crm.group_pope_user"
    )
    pope_file_gaps = fields.Integer(
        string="Missing in the File", compute="_compute_pope_file", groups="pope_crm.group_pope_user"
    )

    @api.model
    @api.private
    def _pope_file_lines(self):
        """The lines of the file, for what brings facts to extend.

        :return: dict code → [words, numbers of the quality indicators that the line proves, or nothing]
        """
        return {
            "hours": [self.env._("Half-days laid out, for the hours of the programme"), "6"],
            "trainers": [self.env._("Trainer known for each half-day"), "18"],
            "papers": [self.env._("CV of the trainers, contract and papers of subcontractors"), "21, 27"],
        }

    @api.private
    def _pope_file_facts(self):
        """What is done, for all the sessions at once; see `_pope_file_lines`.

        :return: dict code → dict session → (how many have it, how many must); a session left out is not concerned
        """
        hours, trainers, papers = {}, {}, {}
        for event in self:
            slots = event.pope_slot_ids.filtered(lambda slot: slot.state == "planned")
            hours[event] = (int(bool(slots) and not event.pope_hours_warning), 1)
            trainers[event] = (len(slots.filtered("trainer_id")), len(slots) or 1)
            if people := slots.trainer_id:
                papers[event] = (len(people.filtered(lambda person: not person.pope_trainer_gaps)), len(people))
        return {"hours": hours, "trainers": trainers, "papers": papers}

    @api.depends(
        "pope_kind",
        "pope_program_id",
        "pope_slot_ids.state",
        "pope_slot_ids.hours",
        "pope_slot_ids.trainer_id",
        "registration_ids.state",
    )
    @api.depends_context("lang", "company")
    def _compute_pope_file(self):
        self.pope_file, self.pope_file_gaps = False, 0
        sessions = self.filtered(lambda event: event.pope_kind == "training")
        facts = sessions._pope_file_facts() if sessions else {}
        for event in sessions:
            lines = [
                {"words": words, "indicators": indicators, "done": done, "total": total}
                for code, (words, indicators) in self._pope_file_lines().items()
                for done, total in [facts.get(code, {}).get(event, (0, 0))]
                if total
            ]
            event.pope_file_gaps = sum(line["done"] < line["total"] for line in lines)
            event.pope_file = self.env["ir.qweb"]._render("pope_training.session_file", {"lines": lines})
