"""A session that goes on now, for the journeys of those who sign it."""

from datetime import timedelta

from odoo import fields


class AttendanceMixin:
    def session_to_sign(self):
        """A session that goes on now, and the row of somebody who has not signed yet."""
        begin = fields.Datetime.now()
        session = self.env["event.event"].create(
            {
                "name": "Vie d'équipe",
                "event_type_id": self.env.ref("pope_training.event_type_training").id,
                "date_begin": begin,
                "date_end": begin + timedelta(hours=1),
                "company_id": self.company.id,
                "user_id": self.user_pope.id,
                "pope_program_id": self.env["pope.training.program"].create({"name": "Vie d'équipe"}).id,
            }
        )
        self.env["event.registration"].create(
            [{"event_id": session.id, "name": holder.name, "email": holder.email} for holder in self.holders]
        )
        # at its own clock, so that it never ends on the next day
        session.date_tz = "Etc/GMT-11" if begin.hour < 12 else "Etc/GMT+11"
        local = fields.Datetime.context_timestamp(session.with_context(tz=session.date_tz), begin)
        hours = {"hour_from": local.hour + local.minute / 60, "hour_to": local.hour + local.minute / 60 + 1}
        self.env["pope.training.slot"].create({"event_id": session.id, "date": local.date(), **hours})
        rows = self.env["pope.attendance"].search([("event_id", "=", session.id)])
        return session, rows.filtered(lambda row: row.partner_id.name == "Awa Diallo")
