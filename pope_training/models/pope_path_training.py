from odoo import api, fields, models
from odoo.exceptions import ValidationError

RESULTS = [("obtained", "Obtained"), ("part", "Obtained in part"), ("failed", "Not obtained"), ("left", "Left before")]


class PathTraining(models.Model):
    """A qualifying training on somebody's way: targeted, applied for, entered, and what came of it."""

    _name = "pope.path.training"
    _description = "Qualifying Training of a Path"
    _inherit = ["pope.path.part"]
    _order = "date_entered desc, id desc"
    _rec_name = "qualification_id"

    qualification_id = fields.Many2one("pope.qualification", required=True, ondelete="restrict", index=True)
    is_vae = fields.Boolean(string="By Experience (VAE)", help="The diploma is asked for on the ground of experience.")
    organisation_id = fields.Many2one(
        "res.partner", string="Training Body", ondelete="restrict", index="btree_not_null", check_company=True
    )
    funded_by_id = fields.Many2one("pope.training.scheme", ondelete="restrict")
    date_applied = fields.Date(string="Applied On")
    date_entered = fields.Date(string="Entered On", index="btree_not_null")
    date_result = fields.Date(string="Result On", index="btree_not_null")
    result = fields.Selection(RESULTS)
    state = fields.Selection(
        [("targeted", "Targeted"), ("applied", "Applied"), ("entered", "Entered"), ("over", "Over")],
        string="Status",
        compute="_compute_state",
        store=True,
    )
    note = fields.Char()

    @api.depends("date_applied", "date_entered", "result")
    def _compute_state(self):
        for row in self:
            row.state = (
                "over"
                if row.result
                else "entered"
                if row.date_entered
                else "applied"
                if row.date_applied
                else "targeted"
            )

    @api.constrains("date_applied", "date_entered", "date_result", "result", "is_vae")
    def _check_dates(self):
        today = fields.Date.context_today(self)
        for row in self:
            if row.date_result and row.date_entered and row.date_result < row.date_entered:
                raise ValidationError(self.env._("%(name)s: the result comes after the entry.", name=row.display_name))
            if bool(row.result) != bool(row.date_result):
                raise ValidationError(
                    self.env._("%(name)s: a result has its day, and a day its result.", name=row.display_name)
                )
            if any(day and day > today for day in (row.date_result, row.date_applied)):
                raise ValidationError(
                    self.env._(
                        "%(name)s: an application and a result are noted once they are there.", name=row.display_name
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._move_paths()
        return rows

    def write(self, vals):
        result = super().write(vals)
        if {"date_entered", "result"}.intersection(vals):
            self._move_paths()
        return result

    def _move_paths(self):
        """Who enters a training, or has the diploma, is at that step of the path; nobody goes back."""
        today = fields.Date.context_today(self)
        obtained = self.filtered(lambda row: row.result == "obtained")
        entered = self.filtered(lambda row: row.date_entered and row.date_entered <= today) - obtained
        for step, rows in (("training", entered), ("done", obtained)):
            for team, paths in rows.lead_id.filtered("active").grouped("team_id").items():
                stage = team._pope_path_stage(step)
                paths.filtered(lambda path, stage=stage: path.stage_id.sequence < stage.sequence).stage_id = stage


class CrmLead(models.Model):
    _inherit = "crm.lead"

    pope_path_training_ids = fields.One2many(
        "pope.path.training", "lead_id", string="Qualifying Trainings", groups="pope_crm.group_pope_user"
    )

    def _merge_dependences(self, opportunities):
        # sudo: the trainings follow what is merged, whoever merges
        opportunities.sudo().pope_path_training_ids.lead_id = self
        return super()._merge_dependences(opportunities)
