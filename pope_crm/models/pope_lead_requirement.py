from odoo import Command, api, fields, models
from odoo.exceptions import ValidationError


class LeadRequirement(models.Model):
    """A checklist line that somebody touched on a project; what nobody touched has no row."""

    _name = "pope.lead.requirement"
    _description = "Checklist Line of a Project"
    _inherit = ["pope.joined.files"]
    _order = "lead_id, id"
    _rec_name = "requirement_id"

    lead_id = fields.Many2one("crm.lead", string="Project", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="lead_id.company_id")
    requirement_id = fields.Many2one("pope.stage.requirement", required=True, ondelete="restrict", index=True)
    kind = fields.Selection(related="requirement_id.kind")
    instructions = fields.Text(related="requirement_id.instructions")
    member_id = fields.Many2one("pope.project.member", string="Holder", ondelete="cascade", index="btree_not_null")
    state = fields.Selection(
        [("asked", "Asked for"), ("done", "Done"), ("not_concerned", "Not concerned")], required=True, default="done"
    )
    date_done = fields.Date(string="Done On", default=fields.Date.context_today)
    user_id = fields.Many2one("res.users", string="Seen By", default=lambda self: self.env.user)
    date_valid_until = fields.Date(string="Valid Until")
    attachment_ids = fields.Many2many("ir.attachment", string="Files", bypass_search_access=True)
    note = fields.Char()
    is_done = fields.Boolean(compute="_compute_is_done")

    _once = models.UniqueIndex(
        "(lead_id, requirement_id, COALESCE(member_id, 0))", "This line already stands on the project."
    )

    @api.depends("state", "date_valid_until")
    def _compute_is_done(self):
        today = fields.Date.context_today(self)
        for row in self:
            row.is_done = row.state == "not_concerned" or (
                row.state == "done" and (not row.date_valid_until or row.date_valid_until >= today)
            )

    @api.constrains("attachment_ids", "requirement_id")
    def _check_nothing_kept(self):
        for row in self:
            if row.kind == "seen" and row.attachment_ids:
                raise ValidationError(
                    self.env._(
                        "“%(name)s” may not be kept: note that you saw it, without a file.",
                        name=row.requirement_id.name,
                    )
                )

    @api.constrains("member_id", "lead_id", "requirement_id")
    def _check_member(self):
        for row in self:
            if bool(row.member_id) != (row.requirement_id.scope == "holder") or (
                row.member_id and row.member_id.lead_id != row.lead_id
            ):
                raise ValidationError(
                    self.env._("“%(name)s” is asked of a holder of this project.", name=row.requirement_id.name)
                    if row.requirement_id.scope == "holder"
                    else self.env._("“%(name)s” is asked of the project.", name=row.requirement_id.name)
                )

    def _absorb(self, other):
        """The same line on a project that is merged into this one: what was seen or attached there is kept."""
        self.ensure_one()
        values = {"note": " – ".join(filter(None, (self.note, other.note))) or False}
        if other.is_done and not self.is_done:
            names = ("state", "date_done", "date_valid_until")
            values |= {name: other[name] for name in names} | {"user_id": other.user_id.id}
        if files := other.attachment_ids:
            files.filtered(lambda file: file.res_model == self._name).res_id = self.id
            values["attachment_ids"] = [Command.link(file.id) for file in files]
        self.write(values)


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    @api.constrains("res_model", "res_id")
    def _check_pope_nothing_kept(self):
        """The way in by the attachment itself: a paper that must not be stored is refused there too."""
        ids = [attachment.res_id for attachment in self if attachment.res_model == "pope.lead.requirement"]
        if ids:
            for row in self.env["pope.lead.requirement"].browse(ids).exists():
                if row.kind == "seen":
                    raise ValidationError(
                        self.env._(
                            "“%(name)s” may not be kept: note that you saw it, without a file.",
                            name=row.requirement_id.name,
                        )
                    )
