from collections import Counter

from odoo import api, models


class EventEvent(models.Model):
    """What documents bring to the file of a session."""

    _inherit = "event.event"

    @api.model
    def _pope_file_lines(self):
        return {
            **super()._pope_file_lines(),
            "rules": [self.env._("House rules in force"), "9"],
            "convocation": [self.env._("Convocation sent or handed to each trainee"), "9"],
            "attendance_sheet": [self.env._("Attendance sheet filed"), "10"],
            "certificate": [self.env._("Certificate of completion of each trainee who came"), ""],
            "statement": [self.env._("End-of-training statement, objective by objective"), "11"],
        }

    def _pope_file_facts(self):
        facts = super()._pope_file_facts()
        enrolled, followed, issued, told = self._pope_document_counts()
        over = self.filtered(lambda event: event.date_end and event.date_end <= self.env.cr.now())
        # sudo: the file is counted wherever the user may look
        facts["rules"] = {event: (int(bool(event.sudo().company_id.pope_house_rules_id)), 1) for event in self}
        facts["convocation"] = {
            event: (told[event.id, "convocation"], enrolled[event.id])
            for event in self
            # sudo: as above
            if event.sudo().pope_program_id.mail_convocation and enrolled[event.id]
        }
        facts["attendance_sheet"] = {event: (int(bool(issued[event.id, "attendance_sheet"])), 1) for event in over}
        for code in ("certificate", "statement"):
            facts[code] = {event: (issued[event.id, code], followed[event.id]) for event in over if followed[event.id]}
        return facts

    def _pope_document_counts(self):
        """How many are enrolled, how many followed something, and how many have which document, by session."""
        # sudo: the file is counted wherever the user may look
        Enrolment = self.env["pope.training.enrolment"].sudo()
        people = [("state", "in", ("open", "done")), ("registration_id.active", "=", True)]
        here = [("event_id", "in", self.ids), *people]
        enrolled = Counter({event.id: count for event, count in Enrolment._read_group(here, ["event_id"], ["__count"])})
        followed = Counter(
            {
                event.id: count
                for event, count in Enrolment._read_group(
                    [*here, ("hours_attended", ">", 0)], ["event_id"], ["__count"]
                )
            }
        )
        # sudo: as above
        documents = (
            self.env["pope.training.document"]
            .sudo()
            .search_fetch(
                [("event_id", "in", self.ids), ("state", "=", "issued"), ("is_partial", "=", False)],
                ["event_id", "kind_id", "enrolment_id", "date_sent", "date_given"],
            )
        )
        issued, told = Counter(), Counter()
        for document in documents:
            if document.enrolment_id and document.enrolment_id.state not in ("open", "done"):
                continue
            key = (document.event_id.id, document.kind_id.code)
            issued[key] += 1
            told[key] += bool(document.date_sent or document.date_given)
        return enrolled, followed, issued, told
