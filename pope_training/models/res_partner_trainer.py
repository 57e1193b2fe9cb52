from odoo import api, fields, models

# what a trainer's file needs (RNQ, indicators 21 and 27)
ASKED = ("cv",)
ASKED_OF_SUBCONTRACTORS = ("cv", "contract", "declaration", "vigilance", "insurance")


class ResPartner(models.Model):
    """A trainer: what their file holds, and what it lacks."""

    _inherit = "res.partner"

    pope_is_trainer = fields.Boolean(
        string="Is a Trainer", compute="_compute_pope_is_trainer", groups="pope_crm.group_pope_user"
    )
    pope_is_subcontractor = fields.Boolean(
        string="Subcontractor",
        copy=False,
        groups="pope_crm.group_pope_user",
        help="Trains under a subcontracting contract: a freelance trainer, or one sent by another organisation.",
    )
    pope_trainer_paper_ids = fields.One2many(
        "pope.trainer.paper", "partner_id", string="Papers", groups="pope_crm.group_pope_user"
    )
    pope_trainer_gaps = fields.Char(
        string="Missing or Expired", compute="_compute_pope_trainer_gaps", groups="pope_crm.group_pope_user"
    )
    pope_trainer_expiry = fields.Date(
        string="Next Expiry", compute="_compute_pope_trainer_gaps", groups="pope_crm.group_pope_user"
    )

    @api.depends("pope_role_ids.code")
    def _compute_pope_is_trainer(self):
        for partner in self:
            partner.pope_is_trainer = "trainer" in partner.pope_role_ids.mapped("code")

    @api.depends(
        "pope_trainer_paper_ids.kind",
        "pope_trainer_paper_ids.date_expiry",
        "pope_trainer_paper_ids.is_replaced",
        "pope_is_subcontractor",
        "pope_role_ids.code",
    )
    @api.depends_context("company", "lang")
    def _compute_pope_trainer_gaps(self):
        kinds = dict(self.env["pope.trainer.paper"]._fields["kind"]._description_selection(self.env))
        for partner in self:
            papers = partner.pope_trainer_paper_ids.filtered(lambda paper: not paper.is_replaced)
            holding = papers.filtered(lambda paper: paper.standing != "expired")
            asked = ASKED_OF_SUBCONTRACTORS if partner.pope_is_subcontractor else ASKED
            gaps = [kinds[kind] for kind in asked if kind not in holding.mapped("kind")]
            partner.pope_trainer_gaps = partner.pope_is_trainer and ", ".join(gaps)
            partner.pope_trainer_expiry = min(filter(None, holding.mapped("date_expiry")), default=False)

    def action_pope_slots(self):
        """The half-days that they train, or trained."""
        action = self.env["ir.actions.act_window"]._for_xml_id("pope_training.pope_training_slot_action")
        action["domain"] = [("trainer_id", "in", self.ids)]
        return action
