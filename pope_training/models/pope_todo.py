from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import format_date

EVIDENCE_DAYS = 60  # before evidence expires
SOON_DAYS = 30  # before a paper of a trainer expires, or the yearly return is due


class Todo(models.AbstractModel):
    """What trainings, quality and paths leave to do."""

    _inherit = "pope.todo"

    @api.model
    def _cards(self):
        return [*super()._cards(), self._card_sessions_to_close, self._card_evidence]

    @api.model
    def _themes(self):
        training = [
            self._line_complaints,
            self._line_agreements,
            self._line_to_invoice,
            self._line_instalments,
            self._line_stuck_mails,
            self._line_trainer_papers,
            self._line_outcomes,
            self._line_bpf,
        ]
        return [(self.env._("Training and quality"), training), *super()._themes()]

    @api.model
    def _todo_models(self):
        return [*super()._todo_models(), "event.event"]

    @api.model
    def _in_days(self, days):
        return fields.Date.context_today(self) + relativedelta(days=days)

    @api.model
    def _card_sessions_to_close(self):
        domain = [("pope_to_close", "=", True)]
        return self._card(
            self.env._("Sessions to close"),
            "event.event",
            domain,
            ["name", "date_end", "date_tz"],
            lambda event: (
                event.name,
                self.env._(
                    "Over since %(day)s",
                    day=format_date(
                        self.env,
                        fields.Datetime.context_timestamp(event.with_context(tz=event.date_tz), event.date_end),
                    ),
                ),
            ),
            order="date_end, id",
            list_view="pope_training.event_event_view_list",
            form_view="pope_training.event_event_view_form",
            search_view="pope_training.event_event_view_search",
        )

    @api.model
    def _card_evidence(self):
        domain = [("date_expiry", "<=", self._in_days(EVIDENCE_DAYS))]
        return self._card(
            self.env._("Evidence that expires"),
            "pope.quality.evidence",
            domain,
            ["name", "number", "date_expiry"],
            lambda evidence: (
                evidence.name,
                self.env._(
                    "Indicator %(number)s, good until %(day)s",
                    number=evidence.number,
                    day=format_date(self.env, evidence.date_expiry),
                ),
            ),
            order="date_expiry, id",
        )

    @api.model
    def _line_complaints(self):
        """Complaints and difficulties that nobody acknowledged or answered in time."""
        domain = [("state", "in", ("received", "acknowledged")), ("date_due", "<", self._in_days(0))]
        return self._line(
            self.env._("Complaints late for an answer"),
            "pope.quality.feedback",
            domain,
            order="date_due, id",
            color="danger",
        )

    @api.model
    def _line_agreements(self):
        domain = [("state", "=", "sent")]
        return self._line(
            self.env._("Agreements to be signed"),
            "pope.training.agreement",
            domain,
            order="date_sent, id",
        )

    @api.model
    def _line_to_invoice(self):
        domain = self.env["pope.training.financing"]._to_invoice_domain()
        return self._line(
            self.env._("To invoice"),
            "pope.training.financing",
            domain,
            list_view="pope_training.pope_training_financing_view_list_invoice",
            order="event_id, id",
        )

    @api.model
    def _line_instalments(self):
        """What people who pay for themselves agreed to pay by now."""
        domain = [
            ("agreement_id.state", "=", "signed"),
            ("is_asked", "=", False),
            ("date_due", "<=", self._in_days(0)),
        ]
        return self._line(
            self.env._("Instalments of contracts to ask for"),
            "pope.training.instalment",
            domain,
            order="date_due, id",
        )

    @api.model
    def _line_stuck_mails(self):
        """E-mails that wait for attendance to be noted, or for what their document lacks."""
        domain = [("state", "=", "planned"), ("reason", "in", ("no_hours", "no_document"))]
        return self._line(
            self.env._("E-mails that wait for attendance or a document"),
            "pope.notification",
            domain,
            list_view="pope_training.pope_notification_view_list_session",
            order="date_planned, id",
        )

    @api.model
    def _line_trainer_papers(self):
        domain = [("is_replaced", "=", False), ("date_expiry", "<=", self._in_days(SOON_DAYS))]
        return self._line(
            self.env._("Papers of trainers that expire"),
            "pope.trainer.paper",
            domain,
            order="date_expiry, id",
        )

    @api.model
    def _line_outcomes(self):
        domain = [("is_awaited", "=", True)]
        return self._line(
            self.env._("People to ask for their news"),
            "pope.path.outcome",
            domain,
            order="date_due, id",
        )

    @api.model
    def _line_bpf(self):
        domain = [("state", "in", ("draft", "checked")), ("date_deadline", "<=", self._in_days(SOON_DAYS))]
        return self._line(
            self.env._("Training and financial return to file"),
            "pope.bpf",
            domain,
            order="date_deadline, id",
            color="danger",
        )
