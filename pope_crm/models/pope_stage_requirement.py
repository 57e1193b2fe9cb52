from collections import namedtuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError

Asked = namedtuple("Asked", "id name position kinds scope fact")


class StageRequirement(models.Model):
    """One line of a stage's checklist: what a project, or each of its holders, must have."""

    _name = "pope.stage.requirement"
    _description = "Checklist Line"
    _order = "stage_sequence, stage_id, sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    stage_id = fields.Many2one(
        "crm.stage", required=True, ondelete="cascade", index=True, domain=[("pope_is_own", "=", True)]
    )
    stage_sequence = fields.Integer(related="stage_id.sequence", string="Order of the Stage", store=True)
    structure_type_ids = fields.Many2many("pope.structure.type", string="Structure Types", help="Empty: all of them.")
    scope = fields.Selection(
        [("project", "The project"), ("holder", "Each holder")], string="Asked Of", required=True, default="project"
    )
    kind = fields.Selection(
        [("step", "Step"), ("paper", "Paper, kept"), ("seen", "Paper, seen and not kept")],
        required=True,
        default="step",
        help="What must not be stored (residence permit, police record, medical certificate) is seen, not kept: the "
        "list says who saw it, when, and until when it is valid.",
    )
    source_model = fields.Char(compute="_compute_source_model")
    fact_field_id = fields.Many2one(
        "ir.model.fields",
        string="Ticks Itself From",
        ondelete="set null",
        domain="[('model', '=', source_model), ('ttype', 'in', ('date', 'datetime', 'boolean', 'many2one'))]",
        help="Done as soon as this field of the project, or of the holder's row, is filled.",
    )
    instructions = fields.Text(translate=True, help="Where to get it, whom to ask.")

    @api.depends("scope")
    def _compute_source_model(self):
        for requirement in self:
            requirement.source_model = "crm.lead" if requirement.scope == "project" else "pope.project.member"

    @api.constrains("scope", "fact_field_id")
    def _check_fact_field(self):
        for requirement in self:
            if requirement.fact_field_id and requirement.fact_field_id.model != requirement.source_model:
                raise ValidationError(
                    self.env._("“%(name)s” ticks itself from a field of another form.", name=requirement.name)
                )

    @api.constrains("kind")
    def _check_nothing_kept(self):
        """A paper that may no longer be stored: what is stored already goes first."""
        seen = self.filtered(lambda requirement: requirement.kind == "seen")
        # sudo: a file is there whether or not this person may see its project
        rows = self.env["pope.lead.requirement"].sudo().search([("requirement_id", "in", seen.ids)])
        attached = self.env["ir.attachment"].sudo().search([("res_model", "=", rows._name), ("res_id", "in", rows.ids)])
        kept = rows.filtered(lambda row: row.attachment_ids or row.id in attached.mapped("res_id"))
        if kept:
            raise ValidationError(
                self.env._(
                    "“%(name)s” cannot become a paper that is not kept: delete first the files of %(projects)s.",
                    name=", ".join(kept.requirement_id.mapped("name")),
                    projects=", ".join(kept.lead_id.mapped("name")),
                )
            )

    @api.private
    def _asked(self, teams):
        """The checklist lines of some teams' stages as plain values, read once for many projects.

        :return: list of Asked, in the order of the stages
        """
        # sudo: what a checklist asks, and which field ticks a line, is configuration, shown to who may read a project
        lines = self.sudo().search([("stage_id.team_ids", "in", teams.ids)])
        return [
            Asked(
                line.id,
                line.name,
                (line.stage_id.sequence, line.stage_id.id),
                frozenset(line.structure_type_ids.ids),
                line.scope,
                line.fact_field_id.name,
            )
            for line in lines
        ]

    @api.private
    def _fact(self, subject):
        """What the project, or the holder's row, already says: the value of the line's field, or False."""
        # sudo: which field ticks a line is configuration, read for whoever may read the project
        name = self.sudo().fact_field_id.name
        return bool(name and subject[name])
