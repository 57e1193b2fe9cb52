from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL


class CrmLead(models.Model):
    """Several pipelines on one engine: records of our types live on our own teams and stages.

    Every override takes our records aside and leaves the others to Odoo: nothing of the sales pipeline may change.
    """

    _inherit = "crm.lead"

    type = fields.Selection(
        selection_add=[("project", "Project")],
        ondelete={"project": lambda leads: leads._pope_become_stock()},
    )

    @api.model
    def _pope_lead_types(self):
        """Lead types that are ours, as a tuple. Extended by the add-ons that bring another pipeline."""
        return ("project",)

    def _pope_own(self):
        types = self._pope_lead_types()
        return self.filtered(lambda lead: lead.type in types)

    def _pope_projects(self):
        """Those that are places to open; another pipeline of ours opens none."""
        return self.filtered(lambda lead: lead.type == "project")

    def _pope_stock(self):
        """Those that are not ours; the records themselves when none is: what Odoo reads at once stays read at once."""
        own = self._pope_own()
        return self - own if own else self

    def _pope_become_stock(self):
        """Removal of the add-on: what people made is kept as archived opportunities of its team.

        Written at once, past the rules that keep both pipelines apart: they go away with the add-on, and the sales
        statistics must not hear of it.
        """
        self.flush_recordset()
        self.env.cr.execute(
            SQL("UPDATE crm_lead SET type = 'opportunity', active = FALSE WHERE id IN %s", tuple(self.ids or [0]))
        )
        self.invalidate_recordset()

    @api.constrains("type", "team_id", "stage_id")
    def _check_pope_team(self):
        for lead in self:
            own = lead.type in self._pope_lead_types()
            if own and lead.team_id.pope_lead_type != lead.type:
                raise ValidationError(
                    self.env._(
                        "%(name)s needs a team with its own pipeline: choose one, or ask an administrator to make one.",
                        name=lead.display_name,
                    )
                )
            if not own and lead.team_id.pope_lead_type:
                raise ValidationError(
                    self.env._(
                        "%(team)s does not take sales opportunities: choose a sales team for %(name)s.",
                        team=lead.team_id.name,
                        name=lead.display_name,
                    )
                )
            if lead.stage_id and (lead.team_id not in lead.stage_id.team_ids if own else lead.stage_id.pope_is_own):
                raise ValidationError(
                    self.env._(
                        "“%(stage)s” is a stage of another pipeline than that of %(name)s.",
                        stage=lead.stage_id.name,
                        name=lead.display_name,
                    )
                )

    # --- Team, stage, probability ---

    @api.depends("user_id", "type")
    def _compute_team_id(self):
        """The person in charge never moves a project to another team, unlike a salesperson."""
        own = self._pope_own()
        if stock := self._pope_stock():
            super(CrmLead, stock)._compute_team_id()
        for lead_type, leads in (
            own.filtered(lambda lead: lead.team_id.pope_lead_type != lead.type).grouped("type").items()
        ):
            teams = self.env["crm.team"].search([("pope_lead_type", "=", lead_type)])
            for lead in leads:
                company = lead.company_id or self.env.company
                lead.team_id = teams.filtered(lambda team, company=company: team.company_id == company)[:1]

    @api.depends("partner_id")
    def _compute_name(self):
        own = self._pope_own()
        for lead in own.filtered(lambda lead: not lead.name and lead.partner_id):
            lead.name = lead.partner_id.name
        if stock := self._pope_stock():
            super(CrmLead, stock)._compute_name()

    def _stage_find(self, team_id=False, domain=None, order="sequence, id", limit=1):
        teams = self.team_id | self.env["crm.team"].browse(team_id or [])
        if self._pope_own() or (not self and teams.pope_lead_type):
            own_teams = teams.filtered("pope_lead_type")
            return self.env["crm.stage"].search(
                Domain("team_ids", "in", own_teams.ids) & Domain(domain or Domain.TRUE), order=order, limit=limit
            )
        return super()._stage_find(team_id=team_id, domain=domain, order=order, limit=limit)

    @api.model
    def _read_group_stage_ids(self, stages, domain):
        lead_type = self.env.context.get("default_type")
        if lead_type in self._pope_lead_types():
            teams = [("pope_lead_type", "=", lead_type), ("company_id", "in", self.env.companies.ids)]
            # sudo: the columns of a board are the same for everyone who may open it
            return (stages | stages.sudo().search([("team_ids", "any", teams)]).sudo(False)).sorted()
        columns = super()._read_group_stage_ids(stages, domain)
        if self.env.context.get("show_user_team_stages") and self.env.user.crm_team_ids.filtered("pope_lead_type"):
            columns = columns.filtered(lambda stage: stage in stages or not stage.pope_is_own)
        return columns

    @api.depends(lambda self: ["stage_id", "team_id", *self._pls_get_safe_fields()])
    def _compute_probabilities(self):
        """A project has no chance of sale: 100 once opened, as Odoo wants on a won stage, and a constant before."""
        own = self._pope_own()
        if stock := self._pope_stock():  # the stock method fails on an empty set
            super(CrmLead, stock)._compute_probabilities()
        for lead in own:
            lead.automated_probability = 100 if lead.stage_id.is_won else 50
            if lead.active:
                lead.probability = lead.automated_probability

    def _get_rotting_depends_fields(self):
        return [*super()._get_rotting_depends_fields(), "pope_paused_until"]

    def _get_rotting_domain(self):
        """What is ours ages as opportunities do, unless it is paused."""
        today = fields.Date.context_today(self)
        awake = Domain("pope_paused_until", "=", False) | Domain("pope_paused_until", "<", today)
        own = Domain("type", "in", list(self._pope_lead_types())) & awake
        # within the condition on the type: an opportunity, which meets it, is not asked about ours
        return (
            super()
            ._get_rotting_domain()
            .map_conditions(lambda condition: condition | own if condition.field_expr == "type" else condition)
        )

    # --- Duplicates and merge ---

    def _get_lead_duplicates(self, partner=None, email=None, include_lost=False):
        duplicates = super()._get_lead_duplicates(partner=partner, email=email, include_lost=include_lost)
        return duplicates._pope_same_kind(self)

    @api.depends("email_domain_criterion", "email_normalized", "partner_id", "phone_sanitized")
    def _compute_potential_lead_duplicates(self):
        super()._compute_potential_lead_duplicates()
        for lead in self:
            duplicates = lead.duplicate_lead_ids
            same_kind = duplicates._pope_same_kind(lead)
            if same_kind != duplicates:
                lead.duplicate_lead_ids = same_kind
                lead.duplicate_lead_count = len(same_kind - lead)

    def _pope_same_kind(self, leads):
        """Those of self that are in the same pipeline as `leads`; an empty `leads` stands for the sales pipeline."""
        own_types = self._pope_lead_types()
        kinds = set(leads.mapped("type")) & set(own_types)
        if kinds:
            return self.filtered(lambda lead: lead.type in kinds)
        return self.filtered(lambda lead: lead.type not in own_types)

    def _merge_get_fields_specific(self):
        specific = super()._merge_get_fields_specific()
        stock_type = specific["type"]
        own_types = self._pope_lead_types()
        specific["type"] = lambda fname, leads: (
            leads[:1].type if leads[:1].type in own_types else stock_type(fname, leads)
        )
        return specific

    # --- Events of the pipeline ---

    @api.model
    def _pope_event_fields(self):
        """Fields whose change may mean that a record entered a stage, was closed or restored."""
        return {"type", "stage_id", "team_id", "user_id", "active", "probability", "lost_reason_id"}

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        if own := leads._pope_own():
            own._pope_keep_from_enrichment()
            own._pope_handle_events({})
        return leads

    def _pope_keep_from_enrichment(self):
        """Addresses of holders go to no enrichment service (crm_iap_enrich, where it is installed)."""
        if "iap_enrich_done" in self._fields:
            self.iap_enrich_done = True

    def write(self, vals):
        if not self._pope_event_fields().intersection(vals):
            return super().write(vals)
        own = self._pope_own()
        if own and vals.get("type", own[0].type) not in self._pope_lead_types():
            raise UserError(self.env._("A project does not become a sales opportunity: abandon or reorient it."))
        before = {lead.id: (lead.stage_id, lead.won_status) for lead in own}
        result = super().write(vals)
        if own := self._pope_own():
            if any(lead.id not in before for lead in own):
                own._pope_keep_from_enrichment()
            own._pope_handle_events(before)
        return result

    def _pope_handle_events(self, before):
        """Compare with the state before create or write, and tell what happened, once for the whole set.

        :param before: stage and won status by record id; a record that is not in it is new in its pipeline
        """
        entered = lost = restored = self.browse()
        for lead in self:
            old_stage, old_status = before.get(lead.id, (self.env["crm.stage"], "pending"))
            if lead.won_status == "lost":
                if old_status != "lost":
                    lost |= lead
            elif old_status == "lost":
                restored |= lead
            if lead.stage_id and lead.stage_id != old_stage and lead.won_status != "lost":
                entered |= lead
        if entered:
            entered._pope_entered_stage()
        if lost:
            lost._pope_lost()
        if restored:
            restored._pope_restored()

    def _pope_entered_stage(self):
        """Hook: the records just entered their stage, whatever the way in."""
        now = self.env.cr.now()
        # a stage that a compute changed (team, type) did not pass through the stock write that dates it
        stale = self.filtered(lambda lead: lead.date_last_stage_update != now)
        if stale:
            stale.date_last_stage_update = now
        for count, leads in self.grouped("pope_entry_count").items():
            leads.pope_entry_count = count + 1

    def _pope_lost(self):
        """Hook: the records were just abandoned or reoriented."""

    def _pope_restored(self):
        """Hook: the records were just taken up again."""

    def action_set_won(self):
        own = self._pope_own()
        stock = self._pope_stock()
        if stock:
            super(CrmLead, stock).action_set_won()
        for leads in own.grouped("team_id").values():
            super(CrmLead, leads).action_set_won()
        return True
