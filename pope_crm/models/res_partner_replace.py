from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class ResPartner(models.Model):
    """Someone leaves the PMI, the CAF or a town, and another takes over all that waits for them."""

    _inherit = "res.partner"

    pope_is_institutional = fields.Boolean(
        string="Speaks for an Institution",
        compute="_compute_pope_is_institutional",
        groups="pope_crm.group_pope_user",
    )

    @api.depends("pope_role_ids.kind")
    def _compute_pope_is_institutional(self):
        for partner in self:
            partner.pope_is_institutional = any(role.kind != "person" for role in partner.pope_role_ids)

    @api.private
    def _pope_waiting_on(self):
        """What waits for this contact: opinions on open projects, and e-mails to a role that have not gone."""
        opinions = self.env["pope.authority.opinion"].search(
            [
                ("partner_id", "in", self.ids),
                ("state", "in", ("to_ask", "asked")),
                ("lead_id.active", "=", True),
                ("lead_id.won_status", "=", "pending"),
            ]
        )
        rows = self.env["pope.notification"]._of_people(self, ("planned", "to_approve"))
        return opinions, rows.filtered(lambda row: row.rule_id.recipients == "role")

    @api.private
    def _pope_replace_by(self, new, archive=False):
        """Hand over roles, open opinions and funding files, planned e-mails; what was answered stays with who did.

        :return: the projects concerned
        """
        self.ensure_one()
        if new == self:
            raise UserError(self.env._("Choose another person than the one who leaves."))
        opinions, rows = self._pope_waiting_on()
        leads = opinions.lead_id | rows.lead_id
        roles = self.pope_role_ids.filtered(lambda role: role.kind != "person")
        values = {"pope_role_ids": [Command.link(role.id) for role in roles]}
        for name in ("pope_town_id", "parent_id"):
            if self[name] and not new[name] and self[name] != new:
                values[name] = self[name].id
        new.write(values)
        opinions.partner_id = new
        self.env["pope.funding"].search(
            [("contact_id", "=", self.id), ("state", "not in", ("refused", "closed", "dropped"))]
        ).contact_id = new
        for row in rows:
            row._readdress(new)
        self.write({"pope_role_ids": [Command.unlink(role.id) for role in roles]})
        if archive:
            self.active = False
        words = {"new": new.name, "old": self.name, "roles": ", ".join(roles.mapped("name")) or "–"}
        note = self.env._("%(new)s replaces %(old)s (%(roles)s).", **words)
        leads._message_log_batch(bodies=dict.fromkeys(leads.ids, note))
        people = self | new
        people._message_log_batch(bodies=dict.fromkeys(people.ids, note))
        return leads

    def action_pope_replace(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("pope_crm.pope_contact_replace_action")
        action["context"] = {"default_partner_id": self.id}
        return action
