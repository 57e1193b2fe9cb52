from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmLead(models.Model):
    """A project's e-mails: planned when something happens to it, cancelled when it is undone in time."""

    _inherit = "crm.lead"

    pope_mail_hold = fields.Boolean(
        string="Hold E-mails", copy=False, tracking=True, help="No e-mail leaves for this project until you untick it."
    )
    pope_notification_ids = fields.One2many(
        "pope.notification", "lead_id", string="E-mails", copy=False, groups="pope_crm.group_pope_user"
    )
    pope_notification_count = fields.Integer(
        string="E-mail Count", compute="_compute_pope_notification_count", groups="pope_crm.group_pope_user"
    )
    pope_next_notification_id = fields.Many2one(
        "pope.notification",
        string="Next E-mail",
        compute="_compute_pope_notification_count",
        groups="pope_crm.group_pope_user",
    )

    def _compute_pope_notification_count(self):
        rows = self.env["pope.notification"]._read_group([("lead_id", "in", self.ids)], ["lead_id"], ["__count"])
        counts = dict(rows)
        upcoming = self.env["pope.notification"].search(
            [("lead_id", "in", self.ids), ("state", "in", ("planned", "to_approve", "queued"))],
            order="date_planned desc, id desc",
        )
        next_by_lead = {row.lead_id: row for row in upcoming}
        for lead in self:
            lead.pope_notification_count = counts.get(lead, 0)
            lead.pope_next_notification_id = next_by_lead.get(lead)

    def _pope_entry_number(self):
        return self.pope_entry_count

    def _pope_entered_stage(self):
        result = super()._pope_entered_stage()
        self._pope_cancel_in_grace()
        Rule = self.env["pope.notification.rule"]
        entry_rules = Rule._for_trigger("entry").filtered(lambda rule: rule.stage_id in self.stage_id)
        entry_rules._plan_for(self)
        Rule._for_trigger("date").filtered("stage_id")._plan_for(self)
        return result

    def _pope_lost(self):
        result = super()._pope_lost()
        self.env["pope.notification"]._of_leads(self, ("planned", "to_approve", "queued"))._cancel("closed")
        self.env["pope.notification.rule"]._for_trigger("lost")._plan_for(self)
        return result

    def _pope_restored(self):
        result = super()._pope_restored()
        self._pope_cancel_in_grace()
        self.env["pope.notification.rule"]._for_trigger("restored")._plan_for(self)
        self._pope_plan_upcoming()
        return result

    def _pope_cancel_in_grace(self):
        """What a former entry planned and that may still be taken back."""
        now = self.env.cr.now()
        rows = self.env["pope.notification"]._of_leads(self, ("planned", "to_approve"))
        rows.filtered(
            lambda row: (
                row.rule_id.trigger not in ("date", "refused") and (row.date_grace > now or row.state == "to_approve")
            )
        )._cancel("moved")

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        if own := leads._pope_own():
            own._pope_plan_dates()
        return leads

    def write(self, vals):
        own = self._pope_own()
        if not any(name.startswith("pope_") for name in vals) or not (own or "type" in vals):
            return super().write(vals)
        dates = self.env["pope.notification.rule"]._date_fields().intersection(vals)
        before = {lead: {name: lead[name] for name in dates} for lead in own} if dates else {}
        result = super().write(vals)
        own = self._pope_own()
        for moved, leads in own.grouped(lambda lead: lead._pope_moved_dates(before.get(lead), dates)).items():
            if moved:
                leads._pope_plan_dates(moved)
        if own and (vals.get("pope_mail_hold") or vals.get("pope_paused_until")):
            queued = self.env["pope.notification"]._of_leads(own, ("queued",))
            queued.filtered(lambda row: row.kind != "request")._back_to_plan(self.env.cr.now())
        return result

    def _pope_moved_dates(self, before, names):
        """Those of the dates that are not what they were; all of them on a record that was not ours."""
        return frozenset(name for name in names if before is None or before[name] != self[name])

    @api.ondelete(at_uninstall=False)
    def _unlink_pope_without_mail(self):
        """What was sent is kept with its project; what did not leave goes with it."""
        own = self._pope_own()
        if not own:
            return
        Notification = self.env["pope.notification"]
        if sent := Notification._of_leads(own, ("sending", "sent", "in_doubt")):
            raise UserError(
                self.env._(
                    "E-mails were sent for %(projects)s: abandon the project instead of deleting it.",
                    projects=", ".join(sent.lead_id.mapped("name")),
                )
            )
        Notification._of_leads(own, ("queued",))._cancel()

    def _pope_plan_dates(self, changed=None):
        """Plan what is counted from a date; a date that moved cancels what was planned from the old one."""
        rules = self.env["pope.notification.rule"]._for_trigger("date")
        if changed is None:
            rules._plan_for(self)
        else:
            rules.filtered(lambda rule: rule.date_field_id.name in changed)._replan(self)

    def _pope_plan_upcoming(self):
        """What is still to come, for who carries the project now."""
        self.env["pope.notification.rule"]._for_trigger("date")._replan(self, upcoming=True)
        self.filtered("stage_id.is_won").pope_followup_ids._replan(upcoming=True)

    def _pope_team_changed(self):
        """A holder joined, left or came back: e-mails to come go to who carries the project now.

        What is past stays past, but for the e-mail of the present stage when there was nobody to receive it.
        """
        # a project that is being made plans its e-mails itself
        own = self._pope_own().filtered(lambda lead: lead.active and lead.pope_entry_count)
        if not own:
            return
        waiting = self.env["pope.notification"]._of_leads(own, ("planned", "skipped"))
        waiting = waiting.filtered(
            lambda row: (
                row.rule_id.trigger == "entry"
                and row.rule_id.stage_id == row.lead_id.stage_id
                and row.entry_number == row.lead_id.pope_entry_count
                and (row.state == "planned" or row.reason == "nobody")
                and row._wrong_person() == "nobody"
            )
        )
        for rule, rows in waiting.grouped("rule_id").items():
            leads = rows.lead_id
            rows._cancel("nobody")
            rule._plan(leads)
        own._pope_plan_upcoming()

    def _merge_dependences(self, opportunities):
        result = super()._merge_dependences(opportunities)
        if self._pope_own():
            self._pope_take_over_mails(opportunities)
            self._pope_team_changed()
        return result

    def _pope_take_over_mails(self, tails):
        """The rows of merged projects follow them; what was planned and the kept project has too does not leave."""
        # sudo: the e-mails follow their project, whoever merges
        head, rows = self.sudo(), tails.sudo().pope_notification_ids
        followups = {followup.months: followup for followup in head.pope_followup_ids}
        waiting = rows.filtered(lambda row: row.state in ("planned", "to_approve", "queued") and not row.is_manual)
        left_behind = rows.filtered(lambda row: row.followup_id.lead_id in tails)
        dated = waiting.filtered(lambda row: row.rule_id.trigger == "date" and not row.followup_id)
        (dated | (waiting & left_behind))._cancel("merged")
        head.pope_notification_ids._cancel_doubles(rows)
        for followup, its_rows in left_behind.grouped("followup_id").items():
            its_rows.followup_id = followups.get(followup.months)
        rows.lead_id = head

    def copy(self, default=None):
        return (
            super(CrmLead, self.with_context(pope_no_mail=self.env.context.get("pope_no_mail", "copied"))).copy(default)
            if self._pope_own()
            else super().copy(default)
        )

    def action_pope_send(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Preview or Send by Hand"),
            "res_model": "pope.notification.send",
            "view_mode": "form",
            "target": "new",
            "context": {"default_lead_id": self.id},
        }

    def action_pope_next_notification(self):
        return self.pope_next_notification_id.action_preview()

    def action_pope_notifications(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("E-mails"),
            "res_model": "pope.notification",
            "view_mode": "list,form",
            "domain": [("lead_id", "in", self.ids)],
            "context": {"default_lead_id": self[:1].id},
        }
