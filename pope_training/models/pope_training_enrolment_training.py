from odoo import api, fields, models
from odoo.exceptions import UserError

from .inner import INNER
from .pope_training_financing import STATUSES


class TrainingEnrolment(models.Model):
    """What a training asks once of whoever follows it: for the law, for the yearly return, for the funder."""

    _inherit = "pope.training.enrolment"

    employer_id = fields.Many2one(
        "res.partner",
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
        help="A company, an association, a town, or the parents who employ a childminder.",
    )
    bpf_status = fields.Selection(
        STATUSES,
        string="Status (BPF F-1)",
        compute="_compute_bpf_status",
        store=True,
        readonly=False,
        help="Whatever pays: somebody looking for a job stays so with their CPF.",
    )
    financing_ids = fields.One2many("pope.training.financing", "enrolment_id")
    is_award_paid = fields.Boolean(
        string="Paid Wholly by an Award",
        compute="_compute_is_award_paid",
        help="No quotation, agreement or invoice is asked.",
    )
    date_information = fields.Date(
        string="Prior Information Sent On", help="Programme, trainers, hours, assessment, house rules (L6353-8)."
    )
    date_acknowledged = fields.Date(string="Acknowledged On")
    is_asked_needs = fields.Boolean(
        string="Asked about Arrangements", help="Whether they need an arrangement to follow the training was asked."
    )
    arrangements = fields.Text(
        string="Arrangements Needed",
        groups="pope_crm.group_pope_sensitive",
        help="What is to be arranged, with their agreement: never a diagnosis.",
    )
    hours_planned = fields.Float(compute="_compute_hours_planned", help="Of the half-days of the session.")
    file_gaps = fields.Char(string="Missing", compute="_compute_file_gaps")

    @api.depends("financing_ids.scheme_id")
    def _compute_bpf_status(self):
        for enrolment in self:
            enrolment.bpf_status = enrolment.bpf_status or enrolment.financing_ids.scheme_id[:1].bpf_status

    @api.depends("financing_ids.funding_id", "financing_ids.state")
    def _compute_is_award_paid(self):
        for enrolment in self:
            lines = enrolment.financing_ids.filtered(lambda line: line.state != "refused")
            enrolment.is_award_paid = bool(lines) and all(line.funding_id for line in lines)

    @api.depends("event_id")
    def _compute_hours_planned(self):
        hours = dict(
            self.env["pope.training.slot"]._read_group(
                [("event_id", "in", self.event_id.ids), ("state", "=", "planned")], ["event_id"], ["hours:sum"]
            )
        )
        for enrolment in self:
            enrolment.hours_planned = hours.get(enrolment.event_id, 0)

    @api.depends("pope_kind", "state", "bpf_status", "financing_ids", "date_information", "is_asked_needs")
    @api.depends_context("lang")
    def _compute_file_gaps(self):
        words = self._file_facts()
        for enrolment in self:
            follows = enrolment.pope_kind == "training" and enrolment.state in ("open", "done")
            missing = [word for word, has in words.values() if not has(enrolment)]
            enrolment.file_gaps = follows and ", ".join(missing)

    @api.model
    @api.private
    def _file_facts(self):
        """What the file of each trainee needs, for what brings facts to extend.

        :return: dict code → [words, function that says whether an enrolment has it]
        """
        return {
            # the trainees of another training body are told in its own return
            "status": [
                self.env._("status"),
                lambda enrolment: enrolment.bpf_status or enrolment.event_id.pope_session_type == "other_body",
            ],
            "financing": [self.env._("financing"), lambda enrolment: enrolment.financing_ids],
            "needs": [self.env._("arrangements asked about"), lambda enrolment: enrolment.is_asked_needs],
            "information": [self.env._("prior information"), lambda enrolment: enrolment.date_information],
        }

    # --- Another person, another session ---

    def _has_signed(self):
        """Whether anything of what they signed or followed must stay with this enrolment."""
        return False

    def _carried_values(self):
        """What follows to the enrolment that takes the place of this one."""
        return {"employer_id": self.employer_id.id, "lead_id": self.lead_id.id}

    def _carry_to(self, registration):
        """The new enrolment takes over employer, project and payers; what was signed and granted stays on this one."""
        new = registration.pope_enrolment_ids
        new.write(self._carried_values())
        for line in self.financing_ids:
            line.copy({"enrolment_id": new.id})
        return new

    @api.private
    def _replace_by(self, person):
        """A colleague has the seat, and nobody of the waiting list.

        :return: their enrolment
        """
        self.ensure_one()
        if self.search_count([("event_id", "=", self.event_id.id), ("partner_id", "=", person.id)], limit=1):
            raise UserError(self.env._("%(name)s is enrolled in this session already.", name=person.name))
        former = self.registration_id
        if former.state not in ("draft", "open"):
            raise UserError(self.env._("Only somebody who has a seat can be replaced."))
        former.with_context(pope_seat_kept=INNER).action_cancel()
        registration = self.env["event.registration"].create(
            {
                "event_id": self.event_id.id,
                "partner_id": person.id,
                "name": person.name,
                "email": person.email,
                "phone": person.phone,
            }
        )
        return self._carry_to(registration)

    @api.private
    def _move_to(self, event):
        """The trainee follows another session; what they signed in this one stays with it.

        :return: their enrolment there
        """
        self.ensure_one()
        if event == self.event_id:
            raise UserError(self.env._("Choose another session."))
        if self.search_count([("event_id", "=", event.id), ("partner_id", "=", self.partner_id.id)], limit=1):
            raise UserError(self.env._("%(name)s is enrolled in this session already.", name=self.partner_id.name))
        if not self._has_signed():
            self.registration_id.event_id = event
            return self
        registration = self.registration_id.copy({"event_id": event.id, "state": "open"})
        new = self._carry_to(registration)
        new.bpf_status = self.bpf_status
        self.registration_id.action_cancel()
        return new


class EventEvent(models.Model):
    _inherit = "event.event"

    @api.model
    def _pope_file_lines(self):
        return {
            **super()._pope_file_lines(),
            "status": [self.env._("Status of each trainee known, for the return"), ""],
            "financing": [self.env._("Payers known for each trainee"), ""],
            "needs": [self.env._("Each trainee asked about arrangements"), "4, 26"],
            "information": [self.env._("Prior information sent to each trainee"), "9"],
        }

    def _pope_file_facts(self):
        # sudo: the file is counted wherever the user may look
        enrolments = (
            self.env["pope.training.enrolment"]
            .sudo()
            .search(
                [("event_id", "in", self.ids), ("state", "in", ("open", "done")), ("registration_id.active", "=", True)]
            )
        )
        by_event = enrolments.grouped(lambda enrolment: enrolment.event_id.id)
        facts = super()._pope_file_facts()
        for code, (_words, has) in enrolments._file_facts().items():
            facts[code] = {
                event: (sum(bool(has(enrolment)) for enrolment in people), len(people))
                for event in self
                if (people := by_event.get(event.id, enrolments.browse()))
            }
        return facts


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _pope_blank_related(self, neutral):
        """What was arranged for a person is nobody's business once they are forgotten."""
        super()._pope_blank_related(neutral)
        # sudo: the small group alone reads it, whoever anonymises
        self.pope_enrolment_ids.sudo().arrangements = False
