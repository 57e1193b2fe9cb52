from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models

from .pope_attendance import HERE

LOT = 20  # sessions that the cron looks at before it commits
RECENT_DAYS = 7
WATCHED = {
    "date_begin",
    "date_end",
    "date_tz",
    "active",
    "kanban_state",
    "pope_program_id",
    "pope_kind",
    "event_type_id",
}


class EventEvent(models.Model):
    """What a session writes by itself: who gets what and when, held or let go, and what is to do once it is over."""

    _inherit = "event.event"

    pope_mail_hold = fields.Boolean(
        string="E-mails Held", copy=False, help="Nothing of this session leaves by itself until they are let go."
    )
    pope_mail_count = fields.Integer(
        string="Number of E-mails", compute="_compute_pope_mail_count", groups="pope_crm.group_pope_user"
    )
    pope_date_billing = fields.Date(
        string="Invoices Proposed On", readonly=True, copy=False, groups="pope_crm.group_pope_user"
    )

    def _compute_pope_mail_count(self):
        counts = dict(
            self.env["pope.notification"]._read_group(
                [("event_id", "in", self.ids), ("state", "!=", "cancelled")], ["event_id"], ["__count"]
            )
        )
        for event in self:
            event.pope_mail_count = counts.get(event._origin, 0)

    def _pope_entry_number(self):
        return 0

    def _pope_takes_place(self):
        """Whether it is a training session that takes place, of a programme."""
        called_off = not self.active or self.kanban_state == "cancel"
        return bool(self.pope_kind == "training" and self.pope_program_id and not called_off)

    def _pope_is_half_day(self):
        return len(self.pope_slot_ids.filtered(lambda slot: slot.state == "planned")) == 1

    def _pope_trainers(self):
        return self.pope_slot_ids.filtered(lambda slot: slot.state == "planned").trainer_id

    def write(self, vals):
        if not WATCHED.intersection(vals):
            return super().write(vals)
        # sudo: whoever changes a session changes what is written of it
        Enrolment = self.env["pope.training.enrolment"].sudo()
        before = Enrolment.search([("event_id", "in", self.ids), ("pope_kind", "=", "training")])._awaited_in_training()
        result = super().write(vals)
        enrolments = Enrolment.search([("event_id", "in", self.ids), ("pope_kind", "=", "training")])
        enrolments.filtered(lambda row: before.get(row) != row._awaited_in_training()[row])._replan()
        self._pope_replan_trainers()
        return result

    def _pope_replan_trainers(self):
        """Bring what is written to trainers up to date with the dates and the trainers of the session."""
        # sudo: as above
        sessions = self.sudo().filtered(lambda event: event.pope_kind == "training")
        if sessions:
            self.env["pope.notification.rule"]._for_trigger("date", "session")._replan(sessions)

    # --- In the team's screens ---

    def action_pope_mails(self):
        """Who gets what and when, step by step."""
        action = self.env["ir.actions.act_window"]._for_xml_id("pope_training.pope_notification_action_session")
        action["domain"] = [("event_id", "in", self.ids)]
        return action

    def action_pope_hold_mails(self):
        self.pope_mail_hold = True

    def action_pope_free_mails(self):
        self.pope_mail_hold = False
        # sudo: crons belong to the system
        self.env.ref("pope_crm.cron_dispatch").sudo()._trigger()

    def action_pope_plan_mails(self):
        """What the programme sends is planned for a session that was there before."""
        self.check_access("write")
        enrolments = self.env["pope.training.enrolment"].search([("event_id", "in", self.ids)])
        enrolments.check_access("write")
        # sudo: the access was checked just above; the mail engine writes its own rows
        enrolments.sudo()._replan()
        self._pope_replan_trainers()
        return self.action_pope_mails()

    # --- Once it is over ---

    @api.model
    def _pope_cron_over(self):
        """A session that is over asks who is in charge to look at what is to be invoiced."""
        now = self.env.cr.now()
        over = self.search(
            [
                ("pope_kind", "=", "training"),
                ("pope_program_id", "!=", False),
                ("pope_date_billing", "=", False),
                ("kanban_state", "!=", "cancel"),
                ("date_end", "<", now - timedelta(hours=12)),
                ("date_end", ">", now - timedelta(days=RECENT_DAYS)),
            ]
        )
        for start in range(0, len(over), LOT):
            lot = over[start : start + LOT]
            lot._pope_propose_billing()
            self.env["ir.cron"]._commit_progress(len(lot), remaining=len(over) - start - len(lot))

    def _pope_propose_billing(self):
        """A to-do a session where somebody else than an award pays; once however often it is asked."""
        Enrolment = self.env["pope.training.enrolment"]
        domain = [("event_id", "in", self.ids), ("state", "in", ("open", "done"))]
        by_event = Enrolment.search(domain).grouped("event_id")
        values_list = []
        for event in self:
            lines = by_event.get(event, Enrolment).financing_ids.filtered(
                lambda line: line.state != "refused" and not line.funding_id
            )
            if not lines:
                continue
            user = event._pope_person_in_charge()
            told = lines.with_context(lang=user.lang)
            values_list.append(
                {
                    "res_model_id": self.env["ir.model"]._get_id(self._name),
                    "res_id": event.id,
                    "activity_type_id": self.env.ref("mail.mail_activity_data_todo").id,
                    "automated": True,
                    "summary": told.env._("The session is over: what is to be invoiced"),
                    "note": told._billing_note(),
                    "user_id": user.id,
                    "date_deadline": fields.Date.context_today(event.with_context(tz=user.tz)),
                }
            )
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(values_list)
        self.pope_date_billing = fields.Date.context_today(self)

    def _pope_person_in_charge(self):
        """Who looks after a session: the person in charge, or a manager of the pole."""
        # sudo: groups belong to administrators
        managers = self.env.ref("pope_crm.group_pope_manager").sudo().all_user_ids
        for user in (self.user_id, *managers.sorted("id")):
            if user.active and user.has_group("pope_crm.group_pope_user") and self.company_id in user.company_ids:
                return user
        return self.env.user


class TrainingFinancing(models.Model):
    _inherit = "pope.training.financing"

    @api.private
    def _billing_note(self):
        """Who pays for whom, with the hours that were followed, in the language of the context."""
        items = Markup()
        for line in self.sorted(lambda line: (line.partner_id.name or "", line.enrolment_id.display_name)):
            items += Markup("<li>%s</li>") % self.env._(
                "%(payer)s: %(trainee)s, %(hours)s followed",
                payer=line.partner_id.name or line.scheme_id.name,
                trainee=line.enrolment_id.display_name,
                hours=self.env["event.event"]._pope_hours_label(line.enrolment_id.hours_attended),
            )
        return Markup("<p>%s</p><ul>%s</ul>") % (self.env._("Invoices to prepare, one a payer:"), items)


class TrainingSlot(models.Model):
    _inherit = "pope.training.slot"

    @api.model_create_multi
    def create(self, vals_list):
        slots = super().create(vals_list)
        slots.event_id._pope_replan_trainers()
        return slots

    def write(self, vals):
        result = super().write(vals)
        if {"trainer_id", "state"}.intersection(vals):
            self.event_id._pope_replan_trainers()
        return result

    def unlink(self):
        events = self.event_id
        result = super().unlink()
        events.exists()._pope_replan_trainers()
        return result


class AttendanceSeal(models.Model):
    """What was sealed is told to who signed, once a day."""

    _inherit = "pope.attendance.seal"

    @api.model
    @api.private
    def _seal(self, slots, kind):
        seals = super()._seal(slots, kind)
        for day, group in seals.grouped(lambda seal: seal.slot_id.date).items():
            here = group.signature_ids.attendance_id.filtered(lambda row: row.status in HERE)
            here.enrolment_id._tell_sealed(day)
        return seals


class TrainingEnrolment(models.Model):
    _inherit = "pope.training.enrolment"

    @api.private
    def _tell_sealed(self, day):
        """One e-mail for the half-days of a day, on the next working day; what waits already will say it all.

        :param day: that of the half-days
        """
        trainees = self.filtered(lambda row: row.date_first and row.event_id.pope_program_id.mail_seal)
        waiting = trainees._not_told_yet(("sealed",)).filtered(lambda row: row.seal_day == day).enrolment_id
        for company, enrolments in (trainees - waiting).grouped("company_id").items():
            rows = enrolments._tell("sealed")
            opening = company._pope_opening_after(company._pope_day_of(self.env.cr.now()))
            rows.seal_day = day
            rows.filtered(lambda row: row.state == "planned").date_planned = opening
            # sudo: crons belong to the system
            self.env.ref("pope_crm.cron_dispatch").sudo()._trigger(at=opening)
