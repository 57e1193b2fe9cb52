from markupsafe import Markup

from odoo import api, fields, models


class EventEvent(models.Model):
    """What a session says in its documents."""

    _name = "event.event"
    _inherit = ["event.event", "pope.training.document.source"]

    pope_document_count = fields.Integer(
        string="Documents", compute="_compute_pope_document_count", groups="pope_crm.group_pope_user"
    )

    def _compute_pope_document_count(self):
        counts = dict(
            self.env["pope.training.document"]._read_group(
                [("event_id", "in", self.ids), ("state", "=", "issued")], ["event_id"], ["__count"]
            )
        )
        for event in self:
            event.pope_document_count = counts.get(event, 0)

    def action_pope_documents(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("pope_training.pope_training_document_action")
        return {**action, "domain": [("event_id", "=", self.id)], "context": {"search_default_issued": 1}}

    def _pope_tell_trainees(self, trigger, former, reason):
        """A session that moves makes new convocations, which cancel and replace the former and go with the news."""
        rows = super()._pope_tell_trainees(trigger, former, reason)
        kind = self.env["pope.training.document.kind"]._of_code("convocation")
        if trigger != "session_moved" or not kind:
            return rows
        convoked = rows.enrolment_id.browse(enrolment.id for enrolment in kind._current(rows.enrolment_id))
        ready = convoked - convoked.browse(enrolment.id for enrolment in kind._gaps(convoked))
        if ready:
            kind._issue(ready)._go_with(rows)
        return rows

    # --- As a source of documents ---

    @api.model
    def _pope_document_words(self):
        def program(label, name):
            return label, "pope_program_id", lambda event: event._pope_program_says(name)

        return {
            **super()._pope_document_words(),
            **self._pope_words_through("company_id"),
            "session_name": (self.env._("session"), "", lambda event: event.name),
            "program_name": (self.env._("programme"), "", lambda event: event.pope_program_id.name),
            "objectives": program(self.env._("objectives"), "objectives"),
            "content": program(self.env._("content"), "description"),
            "public": program(self.env._("public"), "public"),
            "prerequisites": program(self.env._("prerequisites"), "prerequisites"),
            "methods": program(self.env._("methods"), "methods"),
            "means": program(self.env._("means"), "means"),
            "remote_terms": program(self.env._("at a distance: works, time, assistance"), "remote_terms"),
            "place_terms": program(self.env._("where, and how to come"), "place_terms"),
            "placement": program(self.env._("placement"), "placement"),
            "assessment": program(self.env._("assessment"), "assessment"),
            "outcome": program(self.env._("what is handed over at the end"), "outcome"),
            "accessibility": program(self.env._("access for people with a disability"), "accessibility"),
            "disability_contact": program(self.env._("contact for disability"), "disability_contact_id"),
            "teaching_contact": program(self.env._("teaching contact"), "teaching_contact_id"),
            "price_terms": program(self.env._("price, in words"), "price_terms"),
            "contact": (self.env._("whom trainees call"), "pope_program_id", lambda event: event._pope_contact_words()),
            "action_nature": (
                self.env._("type of action"),
                "pope_program_id",
                lambda event: event._pope_action_boxes(),
            ),
            "schedule": (self.env._("half-days"), "", lambda event: event._pope_days_list()),
            "place": (self.env._("place"), "", lambda event: event._pope_places_words()),
            "trainers": (self.env._("trainers"), "", lambda event: event._pope_trainers_words()),
            "hours_planned": (
                self.env._("planned hours"),
                "",
                lambda event: event._pope_hours_words(event.pope_hours_planned),
            ),
            "date_from": (self.env._("first day"), "", lambda event: event._pope_day_words(0)),
            "date_to": (self.env._("last day"), "", lambda event: event._pope_day_words(-1)),
        }

    def _pope_program_says(self, name):
        program = self.pope_program_id
        if not program or not program._says(name):
            return ""
        value = program._sheet_value(name)
        return Markup(value) if program._fields[name].type == "html" else value

    def _pope_contact_words(self):
        """Whom trainees turn to: for the paperwork, else for teaching, else who is in charge."""
        program = self.pope_program_id
        contact = program.admin_contact_id or program.teaching_contact_id or self.user_id.partner_id
        return ", ".join(filter(None, (contact.name, contact.phone, contact.email)))

    def _pope_action_boxes(self):
        """The four natures of the ministry's form, the right one ticked."""
        natures = {
            "1": "action de formation",
            "2": "bilan de compétences",
            "3": "action de VAE",
            "4": "action de formation par apprentissage",
        }
        chosen = self.pope_program_id.action_type
        return chosen and Markup("<br/>").join(
            f"{'☒' if code == chosen else '☐'} {words}" for code, words in natures.items()
        )

    def _pope_held_slots(self):
        return self.pope_slot_ids.filtered(lambda slot: slot.state == "planned").sorted("date_begin")

    def _pope_places_words(self):
        places = [slot._words()[1] for slot in self._pope_held_slots()]
        return (
            ", ".join(dict.fromkeys(place.striptags() for place in map(Markup, places) if place)) or self._pope_place()
        )

    def _pope_trainers_words(self):
        """Who trains, with what they are and their diplomas."""
        trainers = self._pope_held_slots().trainer_id
        papers = trainers.pope_trainer_paper_ids.filtered(lambda paper: paper.kind == "diploma" and paper.name)
        return "\n".join(
            ", ".join(
                filter(
                    None,
                    (
                        trainer.name,
                        trainer.function,
                        *papers.filtered(lambda paper, trainer=trainer: paper.partner_id == trainer).mapped("name"),
                    ),
                )
            )
            for trainer in trainers
        )

    def _pope_hours_words(self, hours):
        return hours and self._pope_hours_label(hours)

    def _pope_day_words(self, position):
        """The first or the last day that is held."""
        slots = self._pope_held_slots()
        return slots and self._pope_document_day(slots[position].date)

    def _pope_document_link(self):
        return "event_id"
