from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class RequirementStatus(models.Model):
    """The whole checklist of a project, touched or not: each line that its type and its holders call for.

    A database view, so that what is missing needs no row. Whether a line is done is computed: it also depends on facts
    of the project and of its holders.
    """

    _name = "pope.requirement.status"
    _description = "Checklist of a Project"
    _auto = False
    _order = "stage_sequence, stage_id, sequence, requirement_id, member_id"
    _rec_name = "requirement_id"

    _depends = {
        "crm.lead": ["team_id", "company_id", "pope_structure_type_id"],
        "crm.stage": ["team_ids"],
        "pope.project.member": ["lead_id", "date_exit"],
        "pope.stage.requirement": ["stage_id", "stage_sequence", "sequence", "scope", "active", "structure_type_ids"],
        "pope.lead.requirement": ["lead_id", "requirement_id", "member_id"],
    }

    lead_id = fields.Many2one("crm.lead", string="Project", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    requirement_id = fields.Many2one("pope.stage.requirement", string="Line", readonly=True)
    member_id = fields.Many2one("pope.project.member", string="Holder", readonly=True)
    row_id = fields.Many2one("pope.lead.requirement", readonly=True)
    stage_id = fields.Many2one("crm.stage", readonly=True)
    stage_sequence = fields.Integer(readonly=True)
    sequence = fields.Integer(readonly=True)
    kind = fields.Selection(related="requirement_id.kind")
    state = fields.Selection(
        [
            ("late", "Missing"),
            ("todo", "To do"),
            ("asked", "Asked for"),
            ("later", "Later"),
            ("done", "Done"),
            ("expired", "Expired"),
            ("not_concerned", "Not concerned"),
        ],
        compute="_compute_state",
    )
    is_done = fields.Boolean(string="OK", compute="_compute_state")
    date_done = fields.Date(related="row_id.date_done")
    date_valid_until = fields.Date(related="row_id.date_valid_until")
    user_id = fields.Many2one(related="row_id.user_id")

    @property
    def _table_query(self):
        # a line of a project has an even number, a line of a holder an odd one: stable, and unique
        return SQL(
            """
            SELECT (requirement.id::bigint << 32) + (lead.id::bigint << 1) AS id,
                   lead.id AS lead_id, lead.company_id, requirement.id AS requirement_id, NULL::integer AS member_id,
                   touched.id AS row_id, requirement.stage_id, requirement.stage_sequence, requirement.sequence
              FROM crm_lead lead
              JOIN crm_stage_crm_team_rel own ON own.crm_team_id = lead.team_id
              JOIN pope_stage_requirement requirement
                ON requirement.stage_id = own.crm_stage_id AND requirement.active AND requirement.scope = 'project'
         LEFT JOIN pope_lead_requirement touched
                ON touched.lead_id = lead.id AND touched.requirement_id = requirement.id AND touched.member_id IS NULL
             WHERE %(concerns)s
         UNION ALL
            SELECT (requirement.id::bigint << 32) + (member.id::bigint << 1) + 1,
                   lead.id, lead.company_id, requirement.id, member.id,
                   touched.id, requirement.stage_id, requirement.stage_sequence, requirement.sequence
              FROM crm_lead lead
              JOIN pope_project_member member
                ON member.lead_id = lead.id AND (member.date_exit IS NULL OR member.date_exit > CURRENT_DATE)
              JOIN crm_stage_crm_team_rel own ON own.crm_team_id = lead.team_id
              JOIN pope_stage_requirement requirement
                ON requirement.stage_id = own.crm_stage_id AND requirement.active AND requirement.scope = 'holder'
         LEFT JOIN pope_lead_requirement touched
                ON touched.member_id = member.id AND touched.requirement_id = requirement.id
             WHERE %(concerns)s
            """,
            concerns=SQL(
                """(NOT EXISTS (SELECT FROM pope_stage_requirement_pope_structure_type_rel kind
                                WHERE kind.pope_stage_requirement_id = requirement.id)
                    OR EXISTS (SELECT FROM pope_stage_requirement_pope_structure_type_rel kind
                                WHERE kind.pope_stage_requirement_id = requirement.id
                                  AND kind.pope_structure_type_id = lead.pope_structure_type_id))"""
            ),
        )

    @api.depends("row_id.state", "row_id.date_valid_until")
    def _compute_state(self):
        for line in self:
            row = line.row_id
            fact = line.requirement_id._fact(line.member_id or line.lead_id)
            if row.state == "not_concerned":
                state = "not_concerned"
            elif fact or row.is_done:
                state = "done"
            elif row.state == "done":
                state = "expired"
            elif row:
                state = "asked"
            else:
                position = (line.stage_sequence, line.stage_id.id)
                here = (line.lead_id.stage_id.sequence, line.lead_id.stage_id.id)
                state = "late" if position < here else "todo" if position == here else "later"
            line.state = state
            line.is_done = state in ("done", "not_concerned")

    def _touch(self, values):
        """Write these values on the project's row of each line, which is made where nobody touched it yet."""
        Row = self.env["pope.lead.requirement"]
        fresh = self.filtered(lambda line: not line.row_id)
        self.row_id.write(values)
        rows = self.row_id | Row.create(
            [
                {
                    "lead_id": line.lead_id.id,
                    "requirement_id": line.requirement_id.id,
                    "member_id": line.member_id.id,
                    **values,
                }
                for line in fresh
            ]
        )
        self.invalidate_model()
        return rows

    def receive(self, attachment_ids):
        """A paper came in as files, a photograph for instance: they are kept on the line, which is done."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        files = self.env["ir.attachment"].browse(attachment_ids)
        row = self._touch({"state": "done", "date_done": today, "user_id": self.env.uid, "date_valid_until": False})
        files.write({"res_model": row._name, "res_id": row.id})
        row.attachment_ids = [Command.link(file.id) for file in files]

    def action_tick(self):
        """Done, by me, today."""
        today = fields.Date.context_today(self)
        self._touch({"state": "done", "date_done": today, "user_id": self.env.uid, "date_valid_until": False})

    def action_untick(self):
        """Not done after all; what was noted or attached stays on its row."""
        for line in self:
            if line.requirement_id._fact(line.member_id or line.lead_id):
                # sudo: which field ticks a line is configuration
                fact = line.requirement_id.sudo().fact_field_id
                raise UserError(
                    self.env._(
                        "“%(line)s” is done because “%(field)s” is filled in: correct it there.",
                        line=line.requirement_id.name,
                        field=fact.field_description,
                    )
                )
        kept = self.row_id.filtered(lambda row: row.attachment_ids or row.note)
        kept.state = "asked"
        (self.row_id - kept).unlink()
        self.invalidate_model()

    def action_open_row(self):
        """The line's row: when, who saw it, until when, files."""
        self.ensure_one()
        row = self.row_id or self._touch({"state": "asked", "date_done": False})
        return {
            "type": "ir.actions.act_window",
            "name": self.requirement_id.name,
            "res_model": "pope.lead.requirement",
            "res_id": row.id,
            "view_mode": "form",
            "target": "new",
        }
