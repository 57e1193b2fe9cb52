from markupsafe import Markup

from odoo import api, fields, models


class Notification(models.Model):
    """E-mails about a training session say its half-days."""

    _inherit = "pope.notification"

    reason_given = fields.Char(readonly=True, help="What the team says of the change.")
    session_name = fields.Char(compute="_compute_session_words")
    session_days = fields.Html(string="Half-Days of the Session", compute="_compute_session_words", sanitize=False)

    @api.model
    def mail_allowed_qweb_expressions(self):
        words = ("object.session_name", "object.session_days", "object.reason_given")
        return (*super().mail_allowed_qweb_expressions(), *words)

    @api.depends("enrolment_id", "lang", "partner_id")
    def _compute_session_words(self):
        for row in self:
            # sudo: whoever reads an e-mail reads what it says of the session
            event = row.event_id.sudo().with_context(lang=row.lang or row.partner_id.lang)
            row.session_name = event.pope_kind == "training" and event.name
            row.session_days = event.pope_kind == "training" and event._pope_days_list()


class EventEvent(models.Model):
    _inherit = "event.event"

    @api.private
    def _pope_days_list(self):
        """Its half-days to come, as a trainee reads them: day, hours, place."""
        slots = self.pope_slot_ids.filtered(lambda slot: slot.state == "planned")
        items = Markup().join(Markup("<li><b>%s</b>%s</li>") % slot._words() for slot in slots)
        return items and Markup("<ul>%s</ul>") % items


class TrainingSlot(models.Model):
    _inherit = "pope.training.slot"

    def _words(self):
        """When it is, and where, in the language of the context."""
        company = self.company_id or self.env.company
        when = self.env._(
            "%(moment)s, until %(end)s",
            moment=company._pope_moment_label(self.date_begin),
            end=company._pope_hour_label(self.date_end),
        )
        # sudo: whoever is told of the half-day reads where to come
        place = self.env["pope.notification"]._address_line(self.sudo().address_id)
        # sudo: as above
        remote = ", ".join(filter(None, (self.env._("at a distance"), self.sudo().event_id.event_url)))
        where = remote if self.is_remote else place
        return when, Markup("<br/>%s") % where if where else ""
