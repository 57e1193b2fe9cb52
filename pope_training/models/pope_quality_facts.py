from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

REMOTE = ("remote", "own_pace", "mixed")
ALTERNATION = ("contrat_pro", "pro_a", "apprentissage")  # codes of ways to pay
TWO_DAYS = 14  # hours
SOON = relativedelta(days=60)


class QualityEvidenceRule(models.Model):
    """How each kind of evidence is found: everything is read once for all rules, then each rule looks at it."""

    _inherit = "pope.quality.evidence.rule"

    @api.model
    def _facts(self, company, day, sessions):
        """What all rules look at.

        :return: dict of recordsets and of what was counted
        """
        programs = sessions.pope_program_id
        if not sessions:
            programs = self.env["pope.training.program"].search([("company_id", "in", (company.id, False))])
        slots = self.env["pope.training.slot"].search_fetch(
            [("event_id", "in", sessions.ids), ("state", "=", "planned"), ("date", "<=", day)],
            [*self._names_of("slot"), "event_id", "date", "is_remote", "address_id", "trainer_id"],
        )
        enrolments = self.env["pope.training.enrolment"].search_fetch(
            [
                ("event_id", "in", sessions.ids),
                ("state", "in", ("open", "done")),
                ("registration_id.active", "=", True),
                ("event_id.date_begin", "<=", company._pope_moments_of(day, day)[1]),
            ],
            [*self._names_of("enrolment"), "event_id", "date_begin"],
        )
        papers = self.env["pope.trainer.paper"].search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "in", slots.trainer_id.ids),
                "|",
                ("date", "=", False),
                ("date", "<=", day),
            ]
        )
        evidence = self.env["pope.quality.evidence"].search([("company_id", "=", company.id), ("date", "<=", day)])
        return {
            "company": company,
            "day": day,
            "sessions": sessions,
            "programs": programs,
            "slots": slots,
            "enrolments": enrolments,
            "trainers": slots.trainer_id,
            "papers": papers,
            "evidence": evidence,
        }

    @api.model
    def _names_of(self, check):
        """The fields that the rules of this kind ask, read together with the records."""
        rules = self.search([("check", "=", check)])
        return {name for rule in rules for name in rule._asked_names()}

    @api.model
    def _delivered(self, facts):
        """What the pole delivers, that decides which indicators apply: see `pope.quality.indicator._applies`."""
        programs, sessions, slots = facts["programs"], facts["sessions"], facts["slots"]
        programs = programs.filtered(lambda program: not program.outside_bpf)
        schemes = self.env["pope.training.financing"]._read_group(
            [("event_id", "in", sessions.ids), ("scheme_id.code", "in", ALTERNATION)], ["scheme_id"]
        )
        outside = facts["trainers"].filtered("pope_is_subcontractor") | sessions.pope_bpf_body_id
        long = programs.filtered(lambda program: program.duration_hours > TWO_DAYS or program.duration_days > 2)
        return {
            "categories": set(programs.mapped("action_type")) - {False} or {"1"},
            "for_others": bool(sessions) and all(event.pope_session_type == "other_body" for event in sessions),
            "certifying": programs.filtered("is_certifying").mapped("name"),
            "long": long.mapped("name"),
            "alternation": [scheme.name for (scheme,) in schemes],
            "apprentices": programs.filtered(lambda program: program.action_type == "4").mapped("name"),
            "subcontracting": outside.mapped("name") if slots or sessions else [],
            "workplace": programs.filtered(lambda program: program.mode == "workplace" or program.has_workplace).mapped(
                "name"
            ),
        }

    # --- Each check: (records that have it, records that must) and the first expiry ---

    def _look(self, facts):
        """What the rule finds.

        :return: dict model, found and asked (recordsets), expiry (the first one to come, or False), unused (attached
            evidence whose use is not told)
        """
        self.ensure_one()
        found, asked = getattr(self, f"_look_{self.check}")(facts)
        expiry = False
        if asked._name == "pope.quality.evidence":
            expiry = max(filter(None, found.mapped("date_expiry")), default=False)
            if found.filtered(lambda evidence: not evidence.date_expiry):
                expiry = False
        return {"found": found, "asked": asked, "expiry": expiry}

    def _says(self, records):
        names = self._asked_names()
        return records.filtered(lambda record: all(record._says(name) for name in names))

    def _look_program(self, facts):
        return self._says(facts["programs"]), facts["programs"]

    def _look_certifying(self, facts):
        asked = facts["programs"].filtered("is_certifying")
        return self._says(asked), asked

    def _look_remote(self, facts):
        asked = facts["programs"].filtered(lambda program: program.mode in REMOTE)
        return self._says(asked), asked

    def _look_version(self, facts):
        """Published on that day, and saying the same since."""
        day = facts["day"]
        today = day >= fields.Date.context_today(self)
        programs = facts["programs"]
        found = programs.filtered(
            lambda program: (
                any(version.date <= day for version in program.version_ids) and not (today and program.is_changed)
            )
        )
        return found, programs

    def _look_result(self, facts):
        day = facts["day"]
        programs = facts["programs"]
        found = programs.filtered(
            lambda program: any(
                result.date_published and day - relativedelta(months=18) <= result.date_published <= day
                for result in program.result_ids
            )
        )
        return found, programs

    def _look_enrolment(self, facts):
        names = self._asked_names()
        asked = facts["enrolments"]
        return asked.filtered(lambda enrolment: all(enrolment[name] for name in names)), asked

    def _look_left(self, facts):
        asked = facts["enrolments"].filtered(
            lambda enrolment: enrolment.date_left and enrolment.date_left <= facts["day"]
        )
        return asked.filtered(lambda enrolment: enrolment.left_cause != "unknown"), asked

    def _look_document(self, facts):
        """Trainees to whom each of these documents was issued by that day."""
        kinds, asked = self._asked_names(), facts["enrolments"]
        issued = set(
            self.env["pope.training.document"]._read_group(
                [
                    ("enrolment_id", "in", asked.ids),
                    ("kind_id.code", "in", kinds),
                    ("date", "<=", facts["day"]),
                ],
                ["enrolment_id", "kind_id.code"],
            )
        )
        return asked.filtered(lambda enrolment: all((enrolment, kind) in issued for kind in kinds)), asked

    def _look_assessment(self, facts):
        """Trainees of sessions that are over, each objective of whom has its result."""
        _start, moment = facts["company"]._pope_moments_of(facts["day"], facts["day"])
        asked = facts["enrolments"].filtered(lambda enrolment: enrolment.event_id.date_end < moment)
        results = self.env["pope.training.assessment"]._read_group(
            [("enrolment_id", "in", asked.ids)], ["enrolment_id"], ["__count", "result:count"]
        )
        done = {enrolment for enrolment, count, told in results if count == told}
        return asked.filtered(lambda enrolment: enrolment in done), asked

    def _look_attendance(self, facts):
        asked = facts["slots"].filtered(lambda slot: slot.date < facts["day"])
        untold = self.env["pope.attendance"]._read_group(
            [("slot_id", "in", asked.ids), ("status", "=", "todo")], ["slot_id"]
        )
        return asked - asked.browse().union(*(slot for (slot,) in untold)), asked

    def _look_slot(self, facts):
        names = self._asked_names()
        return facts["slots"].filtered(lambda slot: all(slot[name] for name in names)), facts["slots"]

    def _look_place(self, facts):
        asked = facts["slots"].filtered(lambda slot: not slot.is_remote)
        return asked.filtered("address_id"), asked

    def _look_trainer(self, facts):
        return self._with_papers(facts["trainers"], facts), facts["trainers"]

    def _look_subcontractor(self, facts):
        asked = facts["trainers"].filtered("pope_is_subcontractor")
        return self._with_papers(asked, facts), asked

    def _with_papers(self, trainers, facts):
        """Those whose papers of each kind hold on that day."""
        day = facts["day"]
        held = {
            (paper.partner_id, paper.kind)
            for paper in facts["papers"]
            if not paper.date_expiry or paper.date_expiry >= day
        }
        kinds = self._asked_names()
        return trainers.filtered(lambda trainer: all((trainer, kind) in held for kind in kinds))

    def _look_attached(self, facts):
        """Evidence that holds on that day, for these sessions or for all; without its use it is thin."""
        day, sessions = facts["day"], facts["sessions"]
        asked = facts["evidence"].filtered(
            lambda evidence: (
                evidence.rule_id == self
                and (not evidence.date_expiry or evidence.date_expiry >= day)
                and (not evidence.event_ids or evidence.event_ids & sessions)
            )
        )
        found = asked.filtered(
            lambda evidence: evidence._is_there() and (not self.asks_use or (evidence.used_for or "").strip())
        )
        return found, asked


class TrainingProgram(models.Model):
    _inherit = "pope.training.program"

    has_workplace = fields.Boolean(
        string="Periods in a Workplace", help="Internship or periods with an employer: indicator 28 then applies."
    )
