from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import formatLang

from odoo.addons.pope_crm.core import account_prefixes

from ..core import bpf as arithmetic
from .pope_bpf_figures import OTHER_BODY

# where a record opens with the screen of the house
SCREENS = {
    "event.event": "sessions",
    "pope.training.program": "catalogue-formations",
    "pope.training.enrolment": "stagiaires",
    "pope.funding": "financements",
    "pope.bpf": "bpf",
}
FRAMES = ("A", "C", "D", "E", "F", "F-1", "F-3")


class Bpf(models.Model):
    """What a return shows beside its lines, and what opens behind them."""

    _inherit = "pope.bpf"

    def _gap_frames(self, figures):
        """Missing data by frame, each with the link to its record."""
        frames = []
        for frame in FRAMES:
            gaps = [gap for gap in figures.get("gaps", ()) if gap["frame"] == frame]
            if gaps:
                frames.append({"frame": frame, "gaps": [{**gap, "rows": self._gap_rows(gap)} for gap in gaps]})
        return frames

    def _gap_rows(self, gap):
        return [
            {"name": row["name"], "url": row["id"] and f"/odoo/{SCREENS.get(row['model'], row['model'])}/{row['id']}"}
            for row in gap["records"]
        ]

    def _control_words(self):
        """Identities between frames, in words: (code, whether it holds, sentence, figures)."""
        told = self._told()
        if not told:
            return []
        sentences = {
            "people": self.env._("F-1, F-3 and F-4 count the same trainees"),
            "hours": self.env._("F-1, F-3 and F-4 count the same hours"),
            "levels": self.env._("Levels of F-3 a are within it"),
            "entrusted": self.env._("F-2 is within F-1"),
            "other_bodies": self.env._("C10 and frame G go together"),
            "charges": self.env._("D2 and D3 are within D1"),
            "trainers": self.env._("Somebody trained (E) where trainees followed hours"),
        }
        return [
            {
                "holds": holds,
                "words": sentences[code],
                "detail": " / ".join(self._compared(code, value) for value in values),
            }
            for code, holds, values in arithmetic.controls(told)
        ]

    def _compared(self, code, value):
        if code == "hours":
            return self.env._("%(hours)s h", hours=formatLang(self.env, value / 60))
        return formatLang(self.env, value, digits=2 if isinstance(value, float) else 0)

    def _figure_words(self, values):
        if values["amount"] is not None:
            return formatLang(self.env, values["amount"], currency_obj=self.currency_id)
        hours = formatLang(self.env, values["minutes"] / 60)
        return self.env._("%(count)s · %(hours)s h", count=values["count"], hours=hours)

    # --- Behind a line ---

    def _open_behind(self, line):
        """The records of a line, with the reader's own rights."""
        if line.frame == "C":
            return self._open_entries(line, self._income_behind(line.code))
        if line.frame == "D":
            keys = self.key_ids.filtered(lambda key: line.code in ("D1", key.line))
            return self._open_entries(line, self._accounts_domain(keys.mapped("prefixes")))
        if line.frame == "E":
            return self._open_slots(line)
        if line.frame in ("F-1", "F-2", "F-3", "F-4", "G"):
            return self._open_trainees(line)
        raise UserError(self.env._("“%(name)s” is not made of records.", name=line.name))

    def _income_behind(self, code):
        """Journal items of a line of frame C, or of the lines that it adds up."""
        parents, codes = self.form_id._parents(), {code}
        while more := {part for whole in codes for part in parents.get(whole, ())} - codes:
            codes |= more
        domain = Domain("pope_financing_id.scheme_id.bpf_line", "in", list(codes))
        prefixes = self.account_ids.filtered(lambda rule: rule.line in codes).mapped("prefixes")
        if prefixes:
            domain |= Domain("pope_financing_id", "=", False) & self._accounts_domain(prefixes)
        return domain

    def _accounts_domain(self, prefixes):
        domain = Domain.FALSE
        for text in prefixes:
            taken, left = account_prefixes.parse(text)
            own = Domain.OR([Domain("account_id.code", "=like", f"{prefix}%") for prefix in taken])
            for prefix in left:
                own &= ~Domain("account_id.code", "=like", f"{prefix}%")
            domain |= own
        return domain

    def _open_entries(self, line, domain):
        if not self.env["account.move.line"].has_access("read"):
            raise UserError(
                self.env._(
                    "You may read the totals, not the journal items behind them. "
                    "Ask the person who manages the accounting for the right to read the entries."
                )
            )
        period = Domain(self.company_id._pope_items_domain(self.date_from, self.date_to))
        return {
            "type": "ir.actions.act_window",
            "name": line.name,
            "res_model": "account.move.line",
            "view_mode": "list",
            "views": [(self.env.ref("account.view_move_line_tree").id, "list")],
            "domain": list(period & domain),
            "context": {"create": False, "edit": False, "allowed_company_ids": self.company_id.ids},
            "help": self.env._("No journal item on this line in the period."),
        }

    def _open_slots(self, line):
        """The half-days held by the pole's own trainers, or by others."""
        outside = Domain("trainer_id.pope_is_subcontractor", "=", True) | Domain(
            "event_id.pope_bpf_body_id", "!=", False
        )
        action = self.env["ir.actions.act_window"]._for_xml_id("pope_training.pope_training_slot_action")
        domain = Domain(self._held_domain()) & (outside if line.code == "E2" else ~outside)
        return action | {"name": line.name, "domain": list(domain), "context": {"create": False}}

    def _open_trainees(self, line):
        """Those who followed hours of this line in the year."""
        attended = [("attendance_ids", "any", self._attended_domain())]
        domain = Domain(attended) & self._trainees_behind(line.code)
        action = self.env["ir.actions.act_window"]._for_xml_id("pope_training.pope_training_enrolment_action_trainee")
        return action | {"name": line.name, "domain": list(domain), "context": {"create": False}}

    def _trainees_behind(self, code):
        other = Domain("event_id.pope_session_type", "=", OTHER_BODY)
        program = "event_id.pope_program_id"
        if code == "G5":
            return other
        domain = ~other
        if code == "F2":
            domain &= Domain("event_id.pope_bpf_body_id", "!=", False)
        elif code.startswith("F1") and code != "F1":
            domain &= Domain("bpf_status", "=", code[2:])
        elif code.startswith("F3") and code != "F3":
            domain &= Domain(f"{program}.bpf_objective", "=", code[2])
            if code[3:]:
                domain &= Domain(f"{program}.bpf_level", "=", code[3:])
        elif code.startswith("F4") and code != "F4":
            told = self._figures()["specialities"]
            if code == "F4x":
                domain &= Domain(f"{program}.nsf_id.code", "not in", [nsf for nsf, _name in told.values()])
                domain &= Domain(f"{program}.nsf_id", "!=", False)
            else:
                domain &= Domain(f"{program}.nsf_id.code", "=", told.get(code, [False])[0])
        return domain
