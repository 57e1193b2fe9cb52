from odoo import api, models

from odoo.addons.pope_crm.core import person_names


class EventRegistration(models.Model):
    """Who came to a discovery day is on their way: their career path follows, for all of them at once."""

    _inherit = "event.registration"

    def write(self, vals):
        if not {"state", "active"}.intersection(vals):
            return super().write(vals)
        before = {registration: registration._pope_discovers() for registration in self}
        result = super().write(vals)
        changed = self.filtered(lambda registration: before[registration] != registration._pope_discovers())
        if changed:
            enrolments = changed._pope_enrolments()
            gone = enrolments.filtered(lambda enrolment: before[enrolment.registration_id] == "done")
            gone._leave_paths()
            enrolments._follow_paths()
            # who is awaited, or no more, is reminded, or no more; who came stays as they were
            enrolments.filtered(
                lambda enrolment: enrolment._is_enrolled() != (before[enrolment.registration_id] in ("open", "done"))
            )._replan()
        return result

    def _pope_discovers(self):
        """Where this person stands at a discovery day."""
        return self.event_id.pope_kind == "discovery_day" and self.active and self.state

    def _pope_recognised(self, person):
        """At a discovery day, a family shares a mailbox: another name is another person."""
        return self.event_id._pope_recognised(super()._pope_recognised(person), self.name)


class EventEvent(models.Model):
    _inherit = "event.event"

    @api.private
    def _pope_recognised(self, person, name):
        """The person found by their address, unless another name is told at a discovery day."""
        if self.pope_kind != "discovery_day" or not name:
            return person
        return person.filtered(lambda known: same_name(known.name, name))


def same_name(known, typed):
    """Whether a name may be the other, with its words in any order or some of them left out."""
    words = set(person_names.sort_key(known)), set(person_names.sort_key(typed))
    return words[0] <= words[1] or words[1] <= words[0]
