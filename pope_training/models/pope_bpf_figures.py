from datetime import timedelta

from odoo import fields, models

from ..core import bpf as arithmetic
from .pope_attendance import HERE

OTHER_BODY = "other_body"
# a session whose programme is not said yet counts, and is told among what is missing
VOCATIONAL = ("|", ("event_id.pope_program_id", "=", False), ("event_id.pope_program_id.outside_bpf", "=", False))
SHOWN = 50  # links of one kind of missing data; what follows comes as they are mended


class Bpf(models.Model):
    """Where the figures of a return come from: each source is read once and grouped; core/bpf.py has the arithmetic."""

    _inherit = "pope.bpf"

    def _compute_figures(self):
        """Everything the return says of its records, as plain data.

        :return: lines (dict code → figure), specialities, keys, awards, income, is_remote, gaps
        """
        self.ensure_one()
        # sudo: the team reads totals of its company without the rights of an accountant, never an entry
        own = self.sudo()
        groups, gaps = own._read_people(), []
        lines, specialities = arithmetic.people([group["told"] for group in groups])
        trainers, is_remote = own._read_trainers()
        lines |= trainers
        balances = own._read_balances()
        lines |= own._money_in(balances, gaps)
        charges, keys = own._money_out(balances, gaps)
        lines |= charges
        return {
            "lines": lines,
            "specialities": specialities,
            "keys": keys,
            "awards": balances["awards"],
            "income": balances["income"],
            "source": balances["source"],
            "is_remote": is_remote,
            "gaps": [*own._people_gaps(groups), *gaps, *own._identity_gaps()],
        }

    # --- People and hours ---

    def _attended_domain(self):
        """Half-days that somebody followed in the year: of vocational training, in the year when they happened."""
        start, end = self.company_id._pope_moments_of(self.date_from, self.date_to)
        return [
            ("company_id", "=", self.company_id.id),
            ("date_begin", ">=", start),
            ("date_begin", "<", end),
            ("minutes_attended", ">", 0),
            ("event_id.pope_kind", "=", "training"),
            *VOCATIONAL,
        ]

    def _read_people(self):
        """Trainees and the minutes that they followed, by all that decides of their lines."""
        program = "event_id.pope_program_id"
        rows = self.env["pope.attendance"]._read_group(
            self._attended_domain(),
            [
                *("event_id.pope_session_type", "event_id.pope_bpf_body_id", "enrolment_id.bpf_status", program),
                *(f"{program}.bpf_objective", f"{program}.bpf_level"),
                *(f"{program}.nsf_id.code", f"{program}.nsf_id.name"),
            ],
            ["enrolment_id:count_distinct", "minutes_attended:sum"],
        )
        groups = []
        for session_type, body, status, followed, objective, level, code, name, count, minutes in rows:
            told = {
                "count": count,
                "minutes": minutes,
                "status": status or None,
                "objective": objective or None,
                "level": level or None,
                "nsf": (code, name) if code else None,
                "for_other": session_type == OTHER_BODY,
                "entrusted": bool(body),
            }
            groups.append({"told": told, "program": followed})
        return groups

    def _held_domain(self):
        """Half-days that were held: somebody followed them."""
        return [
            ("company_id", "=", self.company_id.id),
            ("date", ">=", self.date_from),
            ("date", "<=", self.date_to),
            ("state", "=", "planned"),
            ("event_id.pope_kind", "=", "training"),
            *VOCATIONAL,
            ("attendance_ids", "any", [("status", "in", HERE)]),
        ]

    def _read_trainers(self):
        """Frame E: each trainer once, with the hours that they trained; and whether a part was remote."""
        rows = self.env["pope.training.slot"]._read_group(
            self._held_domain(),
            ["trainer_id", "event_id.pope_bpf_body_id", "trainer_id.pope_is_subcontractor", "is_remote"],
            ["hours:sum"],
        )
        people, minutes = {"E1": set(), "E2": set()}, {"E1": 0, "E2": 0}
        for trainer, body, is_external, _remote, hours in rows:
            if trainer or body:
                line = "E2" if body or is_external else "E1"
                people[line].add(trainer or body)
                minutes[line] += round(hours * 60)
        figures = {line: arithmetic.figure(count=len(people[line]), minutes=minutes[line]) for line in ("E1", "E2")}
        return figures, any(remote for _trainer, _body, _external, remote, _hours in rows)

    # --- What is missing ---

    def _gap(self, kind, frame, words, records=(), count=None, detail=None):
        """One kind of missing data, with the records to mend; the first ones have a link each.

        :param detail: function that says more of a record
        """
        shown = [
            {"model": record._name, "id": record.id, "name": detail(record) if detail else record.display_name}
            for record in records[:SHOWN]
        ]
        return {"kind": kind, "frame": frame, "words": words, "count": count or len(records), "records": shown}

    def _people_gaps(self, groups):
        own = [group for group in groups if not group["told"]["for_other"]]
        programs = self.env["pope.training.program"].union(*(group["program"] for group in own))
        lacking = programs.filtered(
            lambda program: (
                not program.bpf_objective
                or not program.nsf_id
                or (program.bpf_objective == "a" and not program.bpf_level)
            )
        )
        gaps = []
        if lacking:
            words = self.env._("Programmes without objective (F-3), level or speciality (F-4)")
            gaps.append(self._gap("program", "F-3", words, lacking))
        gaps += self._enrolment_gaps(any(not group["told"]["status"] for group in own))
        if any(not group["program"] for group in own):
            sessions = self.env["event.event"].search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("pope_program_id", "=", False),
                    ("pope_slot_ids", "any", self._held_domain()),
                ]
            )
            gaps.append(self._gap("session", "F-3", self.env._("Sessions without a programme"), sessions))
        return gaps + self._slot_gaps()

    def _enrolment_gaps(self, no_status):
        """Trainees of whom the status or the payers are not known."""
        unknown = [("financing_ids", "=", False)]
        if no_status:
            unknown = ["|", ("bpf_status", "=", False), *unknown]
        enrolments = self.env["pope.training.enrolment"].search_fetch(
            [
                ("attendance_ids", "any", self._attended_domain()),
                ("event_id.pope_session_type", "!=", OTHER_BODY),
                *unknown,
            ],
            ["bpf_status", "partner_id", "event_id"],
        )
        unpaid = enrolments.filtered_domain([("financing_ids", "=", False)])
        gaps = []

        def label(enrolment):
            return f"{enrolment.display_name}, {enrolment.event_id.name}"

        if nameless := enrolments.filtered(lambda enrolment: not enrolment.bpf_status):
            words = self.env._("Trainees without a status")
            gaps.append(self._gap("status", "F-1", words, nameless, detail=label))
        if unpaid:
            words = self.env._("Trainees whose payers are not known")
            gaps.append(self._gap("financing", "C", words, unpaid, detail=label))
        return gaps

    def _slot_gaps(self):
        """Half-days that are over: nobody said who was there, or who trained."""
        today = min(fields.Date.context_today(self), self.date_to + timedelta(days=1))
        slots = self.env["pope.training.slot"].search_fetch(
            [
                ("company_id", "=", self.company_id.id),
                ("date", ">=", self.date_from),
                ("date", "<", today),
                ("state", "=", "planned"),
                ("event_id.pope_kind", "=", "training"),
                ("event_id.kanban_state", "!=", "cancel"),
                *VOCATIONAL,
                "|",
                ("trainer_id", "=", False),
                ("attendance_ids", "any", [("status", "=", "todo")]),
            ],
            ["trainer_id", "date", "half", "event_id"],
        )
        untold = slots.browse()
        if slots:
            waiting = [("slot_id", "in", slots.ids), ("status", "=", "todo")]
            untold = slots & slots.browse().union(
                *(slot for (slot,) in self.env["pope.attendance"]._read_group(waiting, ["slot_id"]))
            )
        alone = slots.filtered(lambda slot: not slot.trainer_id and not slot.event_id.pope_bpf_body_id)

        gaps = []
        if untold:
            words = self.env._("Half-days without the attendance of everybody")
            gaps.append(self._slot_gap("attendance", "F", words, untold))
        if alone:
            words = self.env._("Half-days without a trainer")
            gaps.append(self._slot_gap("trainer", "E", words, alone))
        return gaps

    def _slot_gap(self, kind, frame, words, slots):
        """Half-days are mended on their session."""
        gap = self._gap(kind, frame, words, slots, detail=lambda slot: f"{slot.event_id.name}, {slot.display_name}")
        for row, slot in zip(gap["records"], slots, strict=False):
            row |= {"model": "event.event", "id": slot.event_id.id}
        return gap

    def _identity_gaps(self):
        company = self.company_id
        asked = [
            (self.env._("Declaration of activity (NDA)"), company.pope_declaration_number),
            (self.env._("SIRET"), company.company_registry),
            (self.env._("Who manages the organisation"), company.pope_representative_id),
        ]
        if lacking := [words for words, value in asked if not value]:
            words = self.env._("Identity of the organisation (button Identity)")
            gap = self._gap("identity", "A", words, count=len(lacking))
            return [{**gap, "records": [{"model": "", "id": 0, "name": name} for name in lacking]}]
        return []
