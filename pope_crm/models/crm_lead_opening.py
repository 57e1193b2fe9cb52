from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CrmLead(models.Model):
    """The opening of a place: its figures, and what is asked of it afterwards."""

    _inherit = "crm.lead"

    pope_opening_date = fields.Date(string="Opened On", copy=False, tracking=True)
    pope_places = fields.Integer(string="Places", copy=False, tracking=True)
    pope_childminder_count = fields.Integer(string="Childminders", copy=False, tracking=True)
    pope_job_count = fields.Float(
        string="Jobs (full-time equivalent)", digits=(6, 2), copy=False, tracking=True, help="Childminders not counted."
    )
    pope_followup_ids = fields.One2many(
        "pope.followup", "lead_id", string="Follow-Ups", groups="pope_crm.group_pope_user"
    )
    pope_followup_count = fields.Integer(
        string="Follow-Up Count", compute="_compute_pope_followup_count", groups="pope_crm.group_pope_user"
    )
    pope_permission = fields.Selection(
        related="pope_structure_type_id.permission", string="Permission Needed", groups="pope_crm.group_pope_user"
    )

    _pope_figures_positive = models.Constraint(
        "CHECK (COALESCE(pope_places, 0) >= 0 AND COALESCE(pope_places_planned, 0) >= 0 "
        "AND COALESCE(pope_childminder_count, 0) >= 0 AND COALESCE(pope_job_count, 0) >= 0)",
        "Places, childminders and jobs cannot be negative.",
    )

    def _compute_pope_followup_count(self):
        counts = dict(self.env["pope.followup"]._read_group([("lead_id", "in", self.ids)], ["lead_id"], ["__count"]))
        for lead in self:
            lead.pope_followup_count = counts.get(lead, 0)

    def _pope_opening_fields(self):
        """Names of the figures that an open place of this kind must have."""
        self.ensure_one()
        kind = self.pope_structure_type_id
        names = ["pope_opening_date"]
        if kind.places_max or kind.permission != "none" or not kind:
            names.append("pope_places")
        if kind.permission == "accreditation":
            names.append("pope_childminder_count")
        elif kind.permission == "authorisation":  # a café or a shared place may open with volunteers only
            names.append("pope_job_count")
        return names

    def _pope_opening_gaps(self, vals=None):
        """Labels of the figures that are still missing, once `vals` are written."""
        self.ensure_one()
        vals = vals or {}
        labels = self.fields_get(self._pope_opening_fields(), ["string"])
        return [labels[name]["string"] for name in self._pope_opening_fields() if not vals.get(name, self[name])]

    @api.constrains(
        "stage_id", "pope_opening_date", "pope_places", "pope_childminder_count", "pope_job_count", "pope_to_complete"
    )
    def _check_pope_opening(self):
        """An open place has its figures; only an import may leave them for later, with a mark that says so."""
        opened = self._pope_projects().filtered(lambda lead: lead.stage_id.is_won and not lead.pope_to_complete)
        sentences = [
            self.env._(
                "%(project)s cannot be open yet. Fill in: %(figures)s (tab “Opening”).",
                project=lead.name,
                figures=", ".join(gaps),
            )
            for lead in opened
            if (gaps := lead._pope_opening_gaps())
        ]
        if sentences:
            raise ValidationError("\n".join(sentences))

    def write(self, vals):
        """A bulk move to the last stage takes those that are ready; the others stay, and are named."""
        if len(self) > 1 and vals.get("stage_id") and self.env["crm.stage"].browse(vals["stage_id"]).is_won:
            faulty = self._pope_projects().filtered(
                lambda lead: not lead.stage_id.is_won and lead._pope_opening_gaps(vals)
            )
            if faulty and faulty != self:
                faulty._pope_tell_not_open(vals)
                others = {name: value for name, value in vals.items() if name not in ("stage_id", "probability")}
                super(CrmLead, self - faulty).write(vals)
                return super(CrmLead, faulty).write(others) if others else True
        result = super().write(vals)
        if "pope_opening_date" in vals:
            self._pope_projects().filtered("stage_id.is_won")._pope_plan_followups()
        return result

    def _pope_tell_not_open(self, vals):
        self.env.user._bus_send(
            "simple_notification",
            {
                "type": "danger",
                "sticky": True,
                "title": self.env._("These projects were not moved: figures are missing"),
                "message": " · ".join(f"{lead.name} : {', '.join(lead._pope_opening_gaps(vals))}" for lead in self),
            },
        )

    def _pope_entered_stage(self):
        result = super()._pope_entered_stage()
        if opened := self._pope_projects().filtered("stage_id.is_won"):
            opened._pope_plan_followups()
        if back := self.filtered(lambda lead: not lead.stage_id.is_won and lead.pope_followup_ids):
            back.pope_followup_ids._withdraw()
        return result

    def _pope_plan_followups(self):
        """The follow-ups of an opening, each at its number of months; those that exist move with the opening date."""
        delays = self.env["pope.followup.delay"].search([("active", "=", True)])
        values_list = []
        for lead in self.filtered("pope_opening_date"):
            existing = {followup.months: followup for followup in lead.pope_followup_ids}
            for delay in delays:
                if delay.months not in existing:
                    values_list.append({"lead_id": lead.id, "months": delay.months})
        self.env["pope.followup"].create(values_list)
        self.pope_followup_ids._replan()

    def action_pope_followups(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("pope_crm.pope_followup_action")
        action["domain"] = [("lead_id", "in", self.ids)]
        action["context"] = {"default_lead_id": self[:1].id}
        return action
