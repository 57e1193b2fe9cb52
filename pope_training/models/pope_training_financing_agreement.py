from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

PUBLIC = ("C4", "C5", "C6", "C7", "C8", "C10", "C11")  # they buy in their own name, whoever employs the trainee


class TrainingFinancing(models.Model):
    """What is agreed with whom about each line."""

    _inherit = "pope.training.financing"

    agreement_id = fields.Many2one(
        "pope.training.agreement",
        ondelete="set null",
        index="btree_not_null",
        copy=False,
        check_company=True,
    )
    agreement_state = fields.Selection(related="agreement_id.state", string="Agreement Is")
    amount_agreed = fields.Monetary(
        string="Price Agreed",
        compute="_compute_amount_agreed",
        store=True,
        readonly=False,
        help="What was granted; else the price of the programme where this line pays alone.",
    )

    @api.depends("amount_granted", "funding_id", "state", "enrolment_id.financing_ids")
    def _compute_amount_agreed(self):
        for line in self:
            if line._is_agreed():
                continue
            others = line.enrolment_id.financing_ids.filtered(lambda other: other.state != "refused") - line
            price = line.enrolment_id.program_id.price if not others else 0
            line.amount_agreed = 0 if line.funding_id else line.amount_granted or price

    @api.constrains("agreement_id", "enrolment_id", "funding_id")
    def _check_agreement(self):
        """What was sent says who pays what: nothing is added to it afterwards."""
        self.agreement_id._check_financing()
        if late := self.filtered(lambda line: line._is_agreed()):
            raise ValidationError(
                self.env._(
                    "“%(name)s” was sent: it does not change any more. Issue it again, the former version is kept.",
                    name=late[0].agreement_id.display_name,
                )
            )

    def _is_agreed(self):
        return self.agreement_id.state in ("sent", "signed")

    def write(self, vals):
        if AGREED.intersection(vals) and (kept := self.filtered(lambda line: line._is_agreed())):
            raise UserError(
                self.env._(
                    "This is agreed in “%(name)s”: issue it again first.", name=kept[0].agreement_id.display_name
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_agreed(self):
        if kept := self.filtered(lambda line: line._is_agreed()):
            raise UserError(
                self.env._(
                    "This is agreed in “%(name)s”: issue it again first.", name=kept[0].agreement_id.display_name
                )
            )

    @api.private
    def _to_agree(self):
        """The lines that need an agreement or a contract, and have none."""
        return self.filtered(
            lambda line: (
                line.state != "refused"
                and not line.funding_id
                and line._agreement_kind()
                and line.agreement_id.state not in ("draft", "sent", "signed")
                and line.enrolment_id.state in ("draft", "open", "done")
            )
        )

    @api.private
    def _agreement_kind(self):
        """What is signed about it, or nothing where the scheme has its own."""
        kind = self.scheme_id.contract
        return kind if kind in ("agreement", "contract") else False

    @api.private
    def _buyer(self):
        """With whom it is agreed: the person for their contract, the public body, else the employer."""
        if self.scheme_id.contract == "contract":
            return self.enrolment_id.partner_id
        if self.scheme_id.bpf_line in PUBLIC:
            return self.partner_id or self.enrolment_id.employer_id
        return self.enrolment_id.employer_id or self.partner_id


# what an agreement that was sent says
AGREED = {"amount_agreed", "partner_id", "scheme_id", "enrolment_id", "funding_id", "agreement_id"}
