from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .pope_attendance import HERE
from .pope_training_financing_agreement import PUBLIC

OTHER_BODY = "other_body"
ORDERED = ("intra", OTHER_BODY)


class EventEvent(models.Model):
    """A session that somebody ordered: one buyer pays for the whole group (intra), or another training body answers for
    its own trainees, and nothing is agreed with them or with who pays them."""

    _inherit = "event.event"

    pope_client_scheme_id = fields.Many2one(
        "pope.training.scheme",
        string="How They Pay",
        compute="_compute_pope_client_scheme_id",
        store=True,
        readonly=False,
        ondelete="restrict",
        index="btree_not_null",
        copy=False,
        groups="pope_crm.group_pope_user",
        help="Of the buyer or ordering body: each trainee is given it when they are enrolled.",
    )

    pope_currency_id = fields.Many2one("res.currency", string="Currency", compute="_compute_pope_currency_id")
    pope_client_price = fields.Monetary(
        string="Price of the Group",
        currency_field="pope_currency_id",
        copy=False,
        groups="pope_crm.group_pope_user",
        help="Without tax, whoever comes: shared among the trainees. Empty: the price of the programme for each"
        " trainee, for the hours that they follow.",
    )

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_pope_currency_id(self):
        for event in self:
            event.pope_currency_id = (event.company_id or self.env.company).currency_id

    @api.depends("pope_session_type")
    def _compute_pope_client_scheme_id(self):
        usual = {"intra": "scheme_employeur_prive", OTHER_BODY: "scheme_sous_traitance"}
        schemes = {
            kind: self.env.ref(f"pope_training.{name}", raise_if_not_found=False) for kind, name in usual.items()
        }
        for event in self:
            event.pope_client_scheme_id = schemes.get(event.pope_session_type)

    @api.constrains("pope_client_price")
    def _check_pope_client_price(self):
        # sudo: as below
        if any(event.pope_client_price < 0 for event in self.sudo()):
            raise ValidationError(self.env._("The price of the group cannot be negative."))

    @api.constrains("pope_session_type", "pope_client_id", "pope_client_scheme_id", "company_id")
    def _check_pope_client(self):
        # sudo: who pays is looked at wherever the user may look
        ordered = self.sudo().filtered(lambda event: event.pope_session_type in ORDERED)
        for event in ordered:
            client, company = event.pope_client_id, event.company_id or self.env.company
            if client and client.commercial_partner_id == company.partner_id.commercial_partner_id:
                raise ValidationError(
                    self.env._("“%(name)s”: the pole does not order its own session.", name=event.name)
                )
            if event.pope_session_type == OTHER_BODY:
                if client and not client.is_company:
                    raise ValidationError(
                        self.env._(
                            "%(who)s is a person: a session is held on behalf of another training body, which is"
                            " an organisation.",
                            who=client.name,
                        )
                    )
                scheme = event.pope_client_scheme_id
                if scheme and scheme.bpf_line != "C10":
                    raise ValidationError(
                        self.env._(
                            "What another training body pays counts in line 10 of frame C of the return: “%(scheme)s”"
                            " does not.",
                            scheme=scheme.name,
                        )
                    )
        if ordered:
            ordered.env["pope.training.financing"].search([("event_id", "in", ordered.ids)])._check_client()

    @api.private
    def _pope_check_ordered(self):
        """Who ordered it is known, before anything is agreed or invoiced."""
        for event in self.filtered(lambda event: event.pope_session_type in ORDERED and not event.pope_client_id):
            raise UserError(
                self.env._("“%(name)s” was ordered by one buyer or body: say by whom first.", name=event.name)
            )

    @api.private
    def _pope_complete_payers(self):
        """Trainees of a session that was ordered, of whom nobody said yet who pays: who ordered it does."""
        # sudo: whoever enrols somebody in such a session, on a public page too, says who pays
        ordered = self.sudo().filtered(
            lambda event: event.pope_session_type in ORDERED and event.pope_client_id and event.pope_client_scheme_id
        )
        if not ordered:
            return
        enrolments = ordered.env["pope.training.enrolment"].search(
            [
                ("event_id", "in", ordered.ids),
                ("state", "in", ("draft", "open", "done")),
                ("registration_id.active", "=", True),
                ("financing_ids", "=", False),
            ]
        )
        for event, rows in enrolments.grouped("event_id").items():
            if event.pope_session_type == "intra":
                rows.filtered(lambda row: not row.employer_id).employer_id = event.pope_client_id
        enrolments.env["pope.training.financing"].create(
            [{"enrolment_id": row.id, "scheme_id": row.event_id.pope_client_scheme_id.id} for row in enrolments]
        )
        ordered._pope_share_price()

    def _pope_share_price(self):
        """The price of the group among those of whom nothing is agreed or invoiced, less that of the others."""
        priced = self.filtered("pope_client_price")
        lines = self.env["pope.training.financing"].search([("event_id", "in", priced.ids)], order="id")
        for event, rows in lines.filtered(lambda line: line._is_flat()).grouped("event_id").items():
            agreed = rows.filtered(lambda line: line._is_agreed() or not line.currency_id.is_zero(line._amount_asked()))
            asked = (rows - agreed).filtered(lambda line: line.state != "refused" and line.enrolment_id._is_enrolled())
            left, done = max(event.pope_client_price - sum(agreed.mapped("amount_agreed")), 0.0), 0.0
            for number, line in enumerate(asked, 1):
                reached = event.pope_currency_id.round(left * number / len(asked))
                line.amount_granted, done = reached - done, reached
            (rows - agreed - asked).amount_granted = 0

    def action_pope_propose_agreements(self):
        self.env["pope.training.agreement"].check_access("create")
        self._pope_check_ordered()
        self._pope_complete_payers()
        return super().action_pope_propose_agreements()

    def action_pope_invoice(self):
        self.check_access("write")
        self._pope_check_ordered()
        self._pope_complete_payers()
        return super().action_pope_invoice()


class TrainingEnrolment(models.Model):
    _inherit = "pope.training.enrolment"

    @api.model_create_multi
    def create(self, vals_list):
        enrolments = super().create(vals_list)
        # sudo: the kind of session is read wherever the user may look
        enrolments.sudo().event_id._pope_complete_payers()
        return enrolments

    def _carry_to(self, registration):
        """A colleague takes over the payers; in another session that somebody ordered, who ordered it pays."""
        new = registration.pope_enrolment_ids
        if new.financing_ids and new.event_id != self.event_id:
            new.write(self._carried_values())
            return new
        if self.financing_ids:
            new.financing_ids.unlink()
        return super()._carry_to(registration)


class TrainingFinancing(models.Model):
    _inherit = "pope.training.financing"

    @api.depends("scheme_id", "funding_id", "event_id.pope_client_id", "event_id.pope_client_scheme_id")
    def _compute_partner_id(self):
        """Who ordered the session, for what they pay, as long as it is not agreed."""
        super()._compute_partner_id()
        for line in self:
            event = line.event_id
            if event.pope_client_id and line._is_of_client() and not line._is_agreed():
                line.partner_id = event.pope_client_id

    @api.depends("event_id.pope_client_price", "event_id.pope_client_scheme_id")
    def _compute_amount_agreed(self):
        super()._compute_amount_agreed()
        for line in self.filtered(lambda line: line._is_flat() and not line._is_agreed()):
            line.amount_agreed = line.amount_granted

    def _is_flat(self):
        """Whether it is a part of the price of the group, owed whoever comes."""
        return bool(self.event_id.pope_client_price and self._is_of_client())

    @api.private
    def _left_by(self):
        reason = super()._left_by()
        return False if reason in ("given_up", "force_majeure") and self._is_flat() else reason

    def _share_followed(self):
        """The price of a group is owed for what was held of the session."""
        if not self._is_flat() or not self.agreement_id:
            return super()._share_followed()
        agreement, event = self.agreement_id, self.event_id
        if event.kanban_state != "cancel":
            return agreement._progress(agreement._today())
        planned = event.pope_slot_ids.filtered(lambda slot: slot.state == "planned")
        held = planned.filtered(lambda slot: any(row.status in HERE for row in slot.attendance_ids))
        total = max(sum(planned.mapped("hours")), agreement.hours)
        return sum(held.mapped("hours")) / total if total else 0.0

    def _is_of_client(self):
        event = self.event_id
        ordered = event.pope_session_type in ORDERED and not self.funding_id
        return ordered and self.scheme_id == event.pope_client_scheme_id

    @api.constrains("scheme_id", "partner_id", "enrolment_id", "funding_id", "state")
    def _check_client(self):
        """Nobody pays for themselves in a session that somebody ordered; another training body pays alone."""
        for line in self.filtered(lambda line: line.state != "refused" and not line.funding_id):
            event = line.event_id
            client, names = event.pope_client_id, {"name": event.name, "trainee": line.enrolment_id.display_name}
            if event.pope_session_type in ORDERED and line.scheme_id.contract == "contract":
                raise ValidationError(
                    self.env._(
                        "“%(name)s” was ordered by one buyer: %(trainee)s does not pay for themselves there.", **names
                    )
                )
            if event.pope_session_type == OTHER_BODY and (
                (client and line.partner_id not in (client, client.browse()))
                or (line.scheme_id.bpf_line and line.scheme_id.bpf_line != "C10")
            ):
                raise ValidationError(
                    self.env._(
                        "“%(name)s” is held on behalf of another training body, which pays alone: nothing is agreed or"
                        " invoiced with who pays for %(trainee)s.",
                        **names,
                    )
                )

    @api.private
    def _agreement_kind(self):
        """What is signed about it, or nothing; one contract with the other body for all of its trainees."""
        if self.event_id.pope_session_type == OTHER_BODY and self.scheme_id.bpf_line:
            return "ordered"
        return super()._agreement_kind()

    @api.private
    def _buyer(self):
        """Who ordered the session, whoever pays a part of it; a public funder buys in its own name."""
        event = self.event_id
        own = self.scheme_id.bpf_line in PUBLIC and not self._is_of_client()
        if not event.pope_client_id or event.pope_session_type not in ORDERED or own:
            return super()._buyer()
        return event.pope_client_id
