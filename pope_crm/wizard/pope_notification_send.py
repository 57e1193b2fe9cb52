from odoo import api, fields, models
from odoo.exceptions import UserError


class NotificationSend(models.TransientModel):
    """See what a rule would send for a project, and send it by hand."""

    _name = "pope.notification.send"
    _description = "Preview or Send by Hand"

    rule_id = fields.Many2one("pope.notification.rule", required=True)
    lead_id = fields.Many2one("crm.lead", string="Project", required=True, domain=[("type", "=", "project")])
    recipients = fields.Char(compute="_compute_preview")
    subject = fields.Char(compute="_compute_preview")
    body = fields.Html(compute="_compute_preview", sanitize=False)

    @api.depends("rule_id", "lead_id")
    def _compute_preview(self):
        for wizard in self:
            wizard.recipients = wizard.subject = wizard.body = False
            if not (wizard.rule_id and wizard.lead_id):
                continue
            people, record = wizard._people_and_record()
            wizard.recipients = ", ".join(people.mapped("name")) if people else self.env._("Nobody")
            if people:
                values = wizard.rule_id._preview(record, people[0])
                wizard.subject, wizard.body = values["subject"], values["body_html"]

    def _people_and_record(self):
        """Who would receive the rule's e-mail, and the record that it would be about."""
        self.lead_id.check_access("read")
        record = self.rule_id._record_of(self.lead_id)
        return self.rule_id._recipients(record).get(record, self.env["res.partner"]), record

    def action_send(self):
        self.lead_id.check_access("write")
        _people, record = self._people_and_record()
        rows = self.rule_id._plan(record, when=self.env.cr.now(), manual=True)
        if not rows:
            raise UserError(self.env._("This e-mail has nobody to go to for this project."))
        return rows.sudo(False)._action_open()
