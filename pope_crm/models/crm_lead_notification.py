from odoo import api, fields, models


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
        self.env["pope.notification"]._of_leads(self, ("planned", "to_approve"))._cancel("closed")
        self.env["pope.notification.rule"]._for_trigger("lost")._plan_for(self)
        return result

    def _pope_restored(self):
        result = super()._pope_restored()
        self._pope_cancel_in_grace()
        self.env["pope.notification.rule"]._for_trigger("restored")._plan_for(self)
        return result

    def _pope_cancel_in_grace(self):
        """What a former entry planned and that may still be taken back."""
        now = self.env.cr.now()
        rows = self.env["pope.notification"]._of_leads(self, ("planned", "to_approve"))
        rows.filtered(
            lambda row: row.rule_id.trigger != "date" and (row.date_grace > now or row.state == "to_approve")
        )._cancel("moved")

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        if own := leads._pope_own():
            own._pope_plan_dates()
        return leads

    def write(self, vals):
        result = super().write(vals)
        own = self._pope_own() if any(name.startswith("pope_") for name in vals) else self.browse()
        if own and self.env["pope.notification.rule"]._date_fields().intersection(vals):
            own._pope_plan_dates(vals)
        return result

    def _pope_plan_dates(self, changed=None):
        """Plan what is counted from a date; a date that moved cancels what was planned from the old one."""
        rules = self.env["pope.notification.rule"]._for_trigger("date")
        if changed is not None:
            rules = rules.filtered(lambda rule: rule.date_field_id.name in changed)
            rows = self.env["pope.notification"]._of_leads(self, ("planned", "to_approve"))
            rows.filtered(lambda row: row.rule_id in rules)._cancel("date_changed")
        rules._plan_for(self)

    def _merge_dependences(self, opportunities):
        # sudo: the rows of what is merged follow it, whoever merges; nothing new is sent for them
        opportunities.sudo().pope_notification_ids.write({"lead_id": self.id})
        return super()._merge_dependences(opportunities)

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
