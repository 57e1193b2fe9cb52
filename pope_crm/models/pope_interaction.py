from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

USUAL_MINUTES = {"call": 15, "appointment": 60, "visit": 90, "meeting": 120}
NEXT_STEP_DAYS = 7


class Interaction(models.Model):
    """An exchange that took place with people: the hours of accompaniment are those of each exchange, once."""

    _name = "pope.interaction"
    _description = "Interaction"
    _order = "date desc, id desc"
    _check_company_auto = True

    kind = fields.Selection(
        [("appointment", "Appointment"), ("call", "Call"), ("visit", "Visit"), ("meeting", "Meeting")],
        string="Type",
        required=True,
        default="call",
        index=True,
    )
    date = fields.Date(required=True, default=fields.Date.context_today, index=True)
    minutes = fields.Integer(
        compute="_compute_minutes", store=True, readonly=False, precompute=True, required=True, aggregator=None
    )
    quick_minutes = fields.Selection(
        [
            ("15", "15 min"),
            ("30", "30 min"),
            ("45", "45 min"),
            ("60", "1 h"),
            ("90", "1 h 30"),
            ("120", "2 h"),
            ("180", "3 h"),
        ],
        string="Duration",
        compute="_compute_quick_minutes",
        inverse="_inverse_quick_minutes",
    )
    hours = fields.Float(
        compute="_compute_hours",
        store=True,
        help="Hours of accompaniment: those of the exchange, once, however many people took part. Grouped by person, "
        "an exchange with three people is shown under each of the three; the total still counts it once.",
    )
    lead_id = fields.Many2one(
        "crm.lead",
        string="Project",
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
        domain=[("type", "=", "project")],
        context={"active_test": False},
    )
    partner_ids = fields.Many2many(
        "res.partner",
        "pope_interaction_res_partner_rel",
        "interaction_id",
        "partner_id",
        string="With",
        compute="_compute_partner_ids",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        help="On a project, its present holders unless you say otherwise.",
    )
    town_id = fields.Many2one(
        "pope.town",
        compute="_compute_town_id",
        store=True,
        index="btree_not_null",
        help="That of the project, or of the first person who has one.",
    )
    district_state = fields.Selection(
        related="lead_id.pope_district_state", string="QPV of the Place", help="Of the project's chosen premises."
    )
    user_id = fields.Many2one(
        "res.users",
        string="Held By",
        required=True,
        default=lambda self: self.env.user,
        index=True,
        domain=[("share", "=", False)],
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True, readonly=False, precompute=True, required=True
    )
    note = fields.Text()
    next_step = fields.Char(help="What was agreed: it becomes an activity on the project, or on the person.")
    next_date = fields.Date(
        string="For", compute="_compute_next_date", store=True, readonly=False, precompute=True, help="In a week."
    )

    _minutes_believable = models.Constraint(
        "CHECK (minutes > 0 AND minutes <= 1440)", "An exchange lasts from one minute to one day."
    )

    @api.depends("kind")
    def _compute_minutes(self):
        """The usual duration of the type; a correction of the type later on leaves the minutes that were noted."""
        for interaction in self:
            if not interaction._origin or not interaction.minutes:
                interaction.minutes = USUAL_MINUTES[interaction.kind or "call"]

    @api.depends("minutes")
    def _compute_quick_minutes(self):
        choices = dict(self._fields["quick_minutes"].selection)
        for interaction in self:
            minutes = str(interaction.minutes)
            interaction.quick_minutes = minutes if minutes in choices else False

    @api.onchange("quick_minutes")
    def _inverse_quick_minutes(self):
        for interaction in self.filtered("quick_minutes"):
            interaction.minutes = int(interaction.quick_minutes)

    @api.depends("minutes")
    def _compute_hours(self):
        for interaction in self:
            interaction.hours = interaction.minutes / 60

    @api.depends("lead_id")
    def _compute_partner_ids(self):
        for interaction in self:
            if not interaction.partner_ids:
                interaction.partner_ids = interaction.lead_id.pope_holder_ids

    @api.depends("lead_id.pope_town_id", "partner_ids.pope_town_id")
    def _compute_town_id(self):
        for interaction in self:
            interaction.town_id = interaction.lead_id.pope_town_id or interaction.partner_ids.pope_town_id[:1]

    @api.depends("lead_id")
    def _compute_company_id(self):
        for interaction in self:
            interaction.company_id = interaction.lead_id.company_id or interaction.company_id or self.env.company

    @api.depends("next_step")
    def _compute_next_date(self):
        today = fields.Date.context_today(self)
        for interaction in self:
            if interaction.next_step and not interaction.next_date:
                interaction.next_date = today + timedelta(days=NEXT_STEP_DAYS)

    @api.depends("kind", "partner_ids", "lead_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for interaction in self:
            who = ", ".join(name for name in interaction.partner_ids.mapped("name") if name)
            interaction.display_name = f"{kinds.get(interaction.kind)} – {who or interaction.lead_id.name or ''}"

    @api.constrains("partner_ids", "lead_id")
    def _check_who(self):
        if any(not interaction.partner_ids and not interaction.lead_id for interaction in self):
            raise ValidationError(self.env._("Say with whom the exchange was: a person, or a project."))

    @api.constrains("date")
    def _check_date(self):
        """Noted once it took place; a day of margin, since days do not begin everywhere at the same time."""
        tomorrow = fields.Date.context_today(self) + timedelta(days=1)
        if any(interaction.date > tomorrow for interaction in self):
            raise ValidationError(
                self.env._("An exchange is noted once it took place: plan those to come as activities.")
            )

    @api.model_create_multi
    def create(self, vals_list):
        interactions = super().create(vals_list)
        interactions._plan_next_step()
        return interactions

    def write(self, vals):
        unplanned = self.filtered(lambda interaction: not interaction.next_step) if vals.get("next_step") else None
        result = super().write(vals)
        if unplanned:
            unplanned._plan_next_step()
        return result

    def _plan_next_step(self):
        """What was agreed becomes an activity of who held the exchange, on the project or on the person."""
        activity_type = self.env.ref("mail.mail_activity_data_todo")
        Model = self.env["ir.model"]
        values_list = []
        for interaction in self.filtered("next_step"):
            subject = interaction.lead_id or interaction.partner_ids[:1]
            values_list.append(
                {
                    "activity_type_id": activity_type.id,
                    "res_model_id": Model._get_id(subject._name),
                    "res_id": subject.id,
                    "summary": interaction.next_step,
                    "date_deadline": interaction.next_date,
                    "user_id": interaction.user_id.id,
                }
            )
        self.env["mail.activity"].create(values_list)

    @api.private
    def _anonymise(self, partner, neutral):
        """The exchange and its hours stay; its words go, or only the person's name where others are told of as well."""
        alone = self.filtered(
            lambda interaction: all(
                person == partner or person.pope_anonymised_date for person in interaction.partner_ids
            )
        )
        alone.write({"note": False, "next_step": False, "next_date": False})
        partner._pope_blank_texts(self - alone, ("note", "next_step"), neutral)

    def action_done(self):
        """The window's button: the exchange is saved already, close it."""
        return {"type": "ir.actions.act_window_close"}
