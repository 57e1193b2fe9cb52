from datetime import timedelta

from odoo import api, models
from odoo.tools import email_normalize

from .pope_notification_rule_step import USEFUL_DAYS

UNREACHED = ("no_address", "nobody", "invalid_address", "bounced")
REACHED_BY = {"email", "parent_id", "active", "type"}


class ResPartner(models.Model):
    """Who has an address since, or another one, gets there what is still to be told of their trainings: what was sent
    to another address, or could not leave."""

    _inherit = "res.partner"

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        partners.filtered(lambda partner: partner.email and partner.parent_id).parent_id._pope_tell_trainings()
        return partners

    def write(self, vals):
        if not REACHED_BY.intersection(vals):
            return super().write(vals)
        before, parents = self._pope_reached_by(), self.parent_id
        result = super().write(vals)
        changed = self.filtered(lambda partner: before.get(partner) != partner._pope_reached_by()[partner])
        if changed:
            (changed | changed.parent_id | parents)._pope_tell_trainings()
        return result

    def _pope_reached_by(self):
        return {row: (row.email_normalized, row.parent_id, row.active, row.type) for row in self}

    def _pope_tell_trainings(self):
        """Plan again what is told of the trainings that these people follow, send their employees to, or give."""
        now = self.env.cr.now()
        # sudo: whoever corrects an address changes the e-mails that depend on it
        enrolments = (
            self.env["pope.training.enrolment"]
            .sudo()
            .search(
                [
                    ("date_over", ">", now - timedelta(days=USEFUL_DAYS)),
                    ("notification_ids", "!=", False),
                    "|",
                    ("partner_id", "in", self.ids),
                    ("employer_id", "in", self.ids),
                ]
            )
        )
        if enrolments:
            enrolments._replan()
        # sudo: as above
        trained = [("pope_kind", "=", "training"), ("date_end", ">", now), ("pope_slot_ids.trainer_id", "in", self.ids)]
        if sessions := self.env["event.event"].sudo().search(trained):
            sessions._pope_replan_trainers()


class Notification(models.Model):
    _inherit = "pope.notification"

    @api.private
    def _has_address_since(self):
        """Whether what could not leave for lack of an address has another one now."""
        if self.reason not in UNREACHED:
            return False
        source = self._source()
        people = self.rule_id._recipients(source)[source]
        return any(email_normalize(person.email or "") not in (False, self.email) for person in people)
