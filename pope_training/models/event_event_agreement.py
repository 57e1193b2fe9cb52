from odoo import api, fields, models
from odoo.exceptions import UserError


class EventEvent(models.Model):
    """The quotations, agreements and contracts of a session, proposed from its trainees in one gesture."""

    _inherit = "event.event"

    pope_agreement_ids = fields.One2many(
        "pope.training.agreement", "event_id", string="Agreements", groups="pope_crm.group_pope_user", copy=False
    )
    pope_agreement_count = fields.Integer(
        string="Agreements and Contracts", compute="_compute_pope_agreement_count", groups="pope_crm.group_pope_user"
    )

    @api.depends("pope_agreement_ids.state")
    def _compute_pope_agreement_count(self):
        counts = dict(
            self.env["pope.training.agreement"]._read_group(
                [("event_id", "in", self.ids), ("state", "!=", "cancelled")],
                ["event_id"],
                ["__count"],
            )
        )
        for event in self:
            event.pope_agreement_count = counts.get(event._origin, 0)

    @api.ondelete(at_uninstall=False)
    def _unlink_pope_without_agreements(self):
        # sudo: agreements and invoices hold the session wherever the user may look
        sent = self.sudo().pope_agreement_ids.filtered("number")
        invoices = self.env["account.move"].sudo().search_count([("pope_session_id", "in", self.ids)], limit=1)
        if sent or invoices:
            raise UserError(self.env._("This session has agreements or invoices: cancel it instead of deleting it."))
        self.sudo().pope_agreement_ids.unlink()

    def action_pope_propose_agreements(self):
        """A quotation for each employer or body that buys, and for each person who pays."""
        self.ensure_one()
        self.env["pope.training.agreement"].check_access("create")
        lines = self.env["pope.training.financing"].search(
            [("event_id", "=", self.id), ("enrolment_id.registration_id.active", "=", True)]
        )
        if not lines:
            raise UserError(self.env._("Nobody says yet who pays: complete the trainees first."))
        asked = lines._to_agree()
        if unknown := asked.filtered(lambda line: not line._buyer()):
            names = ", ".join(sorted(unknown.enrolment_id.mapped("display_name")))
            raise UserError(self.env._("Employer or payer not known: %(names)s.", names=names))
        groups = asked.grouped(lambda line: (line._agreement_kind(), line._buyer(), line._contract_of()))
        for key in [key for key in groups if key[0] != "contract"]:
            # who is enrolled later is added to the quotation of their buyer
            if draft := self.pope_agreement_ids.filtered(lambda row, key=key: row._is_draft_of(*key[:2])):
                groups.pop(key).agreement_id = draft[:1]
        values = [
            {
                "kind": kind,
                "event_id": self.id,
                "company_id": (self.company_id or self.env.company).id,
                "partner_id": buyer.id,
                "user_id": (self.user_id or self.env.user).id,
            }
            for kind, buyer, _who in groups
        ]
        agreements = self.env["pope.training.agreement"].create(values)
        for agreement, group in zip(agreements, groups.values(), strict=True):
            group.agreement_id = agreement
        return self.action_pope_agreements()

    def action_pope_agreements(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("pope_training.pope_training_agreement_action"),
            "domain": [("event_id", "=", self.id)],
            "context": {"default_event_id": self.id, "search_default_living": 1},
        }

    # --- File of the session ---

    @api.model
    def _pope_file_lines(self):
        return {
            **super()._pope_file_lines(),
            "agreements": [self.env._("Agreements and contracts signed"), "9"],
        }

    def _pope_file_facts(self):
        """Each trainee whom no award pays wholly needs what the law wants signed."""
        facts = super()._pope_file_facts()
        # sudo: the file is counted wherever the user may look
        lines = (
            self.env["pope.training.financing"]
            .sudo()
            .search(
                [
                    ("event_id", "in", self.ids),
                    ("enrolment_id.state", "in", ("open", "done")),
                    ("enrolment_id.registration_id.active", "=", True),
                    ("funding_id", "=", False),
                    ("state", "!=", "refused"),
                ]
            )
            .filtered(lambda line: line._agreement_kind())
        )
        facts["agreements"] = {}
        for event, asked in lines.grouped(lambda line: line.event_id.id).items():
            signed = asked.filtered(lambda line: line.agreement_id.state == "signed")
            facts["agreements"][self.browse(event)] = (len(signed), len(asked))
        return facts


class TrainingFinancing(models.Model):
    _inherit = "pope.training.financing"

    @api.private
    def _contract_of(self):
        """An individual contract is about one trainee, an agreement about all those of the buyer."""
        return self.enrolment_id if self.scheme_id.contract == "contract" else self.enrolment_id.browse()


class TrainingEnrolment(models.Model):
    _inherit = "pope.training.enrolment"

    def _has_signed(self):
        # sudo: what is signed stays with its session wherever the user may look
        signed = "signed" in self.sudo().financing_ids.agreement_id.mapped("state")
        return super()._has_signed() or signed


class EventRegistration(models.Model):
    _inherit = "event.registration"

    @api.ondelete(at_uninstall=False)
    def _unlink_pope_without_agreement(self):
        # sudo: what was sent to be signed holds the registration wherever the user may look
        lines = self.sudo().pope_enrolment_ids.financing_ids
        if kept := lines.filtered(lambda line: line._is_agreed() or line.invoice_line_ids):
            raise UserError(
                self.env._(
                    "An agreement or an invoice is about %(name)s: cancel instead of deleting.",
                    name=kept[0].enrolment_id.display_name,
                )
            )
