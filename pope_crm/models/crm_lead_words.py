from odoo import api, models
from odoo.exceptions import MissingError

# Odoo's own fields that say something of a project: what people filter, group, measure, import and export on. Every
# other one of the model, whichever add-on brings it, is for sales.
PROJECT_FIELDS = {
    "active",
    "activity_date_deadline",
    "activity_exception_decoration",
    "activity_ids",
    "activity_state",
    "activity_summary",
    "activity_type_id",
    "activity_user_id",
    "company_id",
    "create_date",
    "create_uid",
    "date_closed",
    "date_last_stage_update",
    "description",
    "display_name",
    "email_from",
    "id",
    "is_rotting",
    "lost_reason_id",
    "message_follower_ids",
    "message_has_error",
    "message_ids",
    "message_is_follower",
    "message_needaction",
    "message_partner_ids",
    "my_activity_date_deadline",
    "name",
    "partner_id",
    "phone",
    "stage_id",
    "tag_ids",
    "user_id",
    "won_status",
    "write_date",
    "write_uid",
}


COUNTS = ("overdue_count", "today_count", "planned_count", "total_count")


class CrmLead(models.Model):
    """What our records say on a screen, in a discussion and in a notification: none of the sales team's words.

    A screen of ours is known by its fields, and whoever sells nothing only has screens of ours.
    """

    _inherit = "crm.lead"

    # --- Labels ---

    @api.model
    def _pope_labels(self):
        return {
            "lost_reason_id": self.env._("Reason"),
            "name": self.env._("Project"),
            "team_id": self.env._("Team"),
            "type": self.env._("Pipeline"),
            "user_id": self.env._("Person in Charge"),
            "won_status": self.env._("Situation"),
        }

    @api.model
    def _pope_selections(self):
        types = dict(self._fields["type"]._description_selection(self.env))
        situations = {
            "pending": self.env._("Ongoing"),
            "won": self.env._("Open"),
            "lost": self.env._("Abandoned / Reoriented"),
        }
        return {
            "type": [(lead_type, types[lead_type]) for lead_type in self._pope_lead_types()],
            "won_status": list(situations.items()),
        }

    @api.model
    def _pope_described(self, descriptions):
        """Descriptions of fields as our screens show them; those of sales are offered nowhere."""
        labels, selections = self._pope_labels(), self._pope_selections()
        described = {}
        for name, description in descriptions.items():
            changes = {"string": labels[name]} if name in labels and "string" in description else {}
            if name in selections and "selection" in description:
                changes["selection"] = selections[name]
            if not self._pope_is_offered(name):
                changes.update(dict.fromkeys({"aggregator", "groupable", "searchable"} & set(description), False))
            described[name] = {**description, **changes}
        return described

    @api.model
    def _pope_is_offered(self, name):
        return name.startswith("pope_") or name in PROJECT_FIELDS

    @api.model
    def _pope_among(self, ids):
        """Which of these ids are records of ours."""
        # sudo: the kind of a record is no secret
        leads = self.sudo().with_context(active_test=False)
        return set(leads.search([("id", "in", ids), ("type", "in", list(self._pope_lead_types()))])._ids)

    @api.model
    def _pope_sells_nothing(self):
        user = self.env.user
        return user.has_group("pope_crm.group_pope_user") and not user.has_group("sales_team.group_sale_salesman")

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        descriptions = super().fields_get(allfields, attributes)
        if not self._pope_sells_nothing():
            return descriptions
        if allfields is None:
            descriptions = {name: value for name, value in descriptions.items() if self._pope_is_offered(name)}
        return self._pope_described(descriptions)

    # --- Screens ---

    @api.model
    def _get_view_fields(self, view_type, models):
        """To filter and to group by, the sales team is offered none of our fields, and we none of theirs."""
        used = set(models.get(self._name, ()))
        models = super()._get_view_fields(view_type, models)
        if view_type == "search":
            if any(name.startswith("pope_") for name in used):
                models[self._name] = [
                    name for name in models[self._name] if name in used or self._pope_is_offered(name)
                ]
            else:
                models[self._name] = [name for name in models[self._name] if not name.startswith("pope_")]
        return models

    @api.model
    def get_views(self, views, options=None):
        result = super().get_views(views, options)
        shown = result["models"].get(self._name)
        if shown and any(name.startswith("pope_") for name in shown["fields"]):
            shown["fields"] = self._pope_described(shown["fields"])
            foreign = self._pope_foreign_actions(result)
            for view in result["views"].values():
                for key, actions in view.get("toolbar", {}).items():
                    view["toolbar"][key] = [action for action in actions if action["id"] not in foreign]
        return result

    @api.model
    def _pope_foreign_actions(self, result):
        """Of the actions that the views offer, those made for sales leads, by us or by others; what people made,
        and what Odoo offers on every discussion, stays."""
        toolbars = [view.get("toolbar", {}) for view in result["views"].values()]
        offered = {action["id"] for toolbar in toolbars for actions in toolbar.values() for action in actions}
        if not offered:
            return offered
        # sudo: the name of an action tells its add-on
        names = self.env["ir.model.data"].sudo().search([("model", "=like", "ir.actions.%"), ("res_id", "in", offered)])
        ours = names.filtered(lambda name: name.module == "mail" or name.module.startswith("pope_"))
        return set((names - ours).mapped("res_id")) | {self.env.ref("pope_crm.pope_lead_convert_action").id}

    @api.model
    def _pope_screens(self):
        """How each pipeline of ours is called and seen: type → what one is called, what many are, action, form."""
        return {
            "project": (
                self.env._("Project"),
                self.env._("Projects"),
                "pope_crm.crm_lead_action_project",
                "pope_crm.crm_lead_view_form_project",
            )
        }

    def get_formview_id(self, access_uid=None):
        if self.type in self._pope_lead_types():
            return self.env.ref(self._pope_screens()[self.type][3]).id
        return super().get_formview_id(access_uid=access_uid)

    def redirect_lead_opportunity_view(self):
        if self._pope_own():
            return {**self.get_formview_action(), "name": self._pope_screens()[self.type][0]}
        return super().redirect_lead_opportunity_view()

    # --- Discussion ---

    def _creation_subtype(self):
        if self and len(self._pope_own()) == len(self):
            return self.env["mail.message.subtype"]
        return super()._creation_subtype()

    def _creation_message(self):
        self.ensure_one()
        if self._pope_own():
            return self.env._("Created")
        return super()._creation_message()

    def _track_prepare(self, fields_iter):
        """Sales leads have nothing of ours to be tracked."""
        names = set(fields_iter)
        others = {name for name in names if not name.startswith("pope_")}
        if names == others:
            return super()._track_prepare(names)
        own = self._pope_own()
        super(CrmLead, own)._track_prepare(names)
        return super(CrmLead, self._pope_stock())._track_prepare(others)

    def _track_subtype(self, init_values):
        """No subtype on ours: a stage change is a note, cheap, and free of sales words."""
        self.ensure_one()
        if self.type in self._pope_lead_types():
            return self.env["mail.message.subtype"]
        return super()._track_subtype(init_values)

    def _mail_get_message_subtypes(self):
        subtypes = super()._mail_get_message_subtypes()
        return subtypes.filtered(lambda subtype: not subtype.res_model) if self._pope_own() else subtypes

    def _mail_track(self, tracked_fields, initial_values):
        """Values are kept as words: those of ours."""
        if not {"type", "won_status"}.isdisjoint(initial_values) and self._pope_own():
            tracked_fields = self._pope_described(tracked_fields)
        return super()._mail_track(tracked_fields, initial_values)

    def _message_track(self, fields_iter, initial_values_dict):
        """The notes of our projects' changes in one creation: Odoo writes each alone, two queries a project."""
        try:
            own = self._pope_own()
        except MissingError:  # one was deleted after it changed: rare, and left to Odoo
            return super()._message_track(fields_iter, initial_values_dict)
        if not own:
            fields_iter = [name for name in fields_iter if not name.startswith("pope_")]
        if len(self) < 2 or self != own:
            return super()._message_track(fields_iter, initial_values_dict)
        notes = []
        tracking = super(CrmLead, self.with_context(pope_notes=notes))._message_track(fields_iter, initial_values_dict)
        changes = [note.pop("tracking_value_ids") or [] for note in notes]
        # sudo: as Odoo's own notes of changes, whatever the rights of who changed the record
        messages = self.env["mail.message"].sudo().create(notes)
        self.env["mail.tracking.value"].sudo().create(
            [
                {**values, "mail_message_id": message.id}
                for message, commands in zip(messages, changes, strict=True)
                for _command, _id, values in commands
            ]
        )
        return tracking

    def _message_create(self, values_list):
        notes = self.env.context.get("pope_notes")
        if notes is None:
            return super()._message_create(values_list)
        notes += [{**values, "partner_ids": []} for values in values_list]
        return self.env["mail.message"]

    def _assign_userless_lead_in_team(self, creation_source):
        """What came by mail goes to whoever leads the team, without the sales team's sentence."""
        own = self._pope_own()
        for team, leads in own.filtered(lambda lead: not lead.user_id).grouped("team_id").items():
            leads.user_id = team.user_id
        if stock := self._pope_stock():
            super(CrmLead, stock)._assign_userless_lead_in_team(creation_source)

    # --- Notifications ---

    def _get_model_description(self, model_name):
        if model_name == self._name and (own := self._pope_own()):
            return self._pope_screens()[own[0].type][0]
        return super()._get_model_description(model_name)

    def _message_auto_subscribe_notify(self, partner_ids, template):
        own = self._pope_own()
        super(CrmLead, own.with_context(pope_words=True))._message_auto_subscribe_notify(partner_ids, template)
        super(CrmLead, self._pope_stock())._message_auto_subscribe_notify(partner_ids, template)


class IrModel(models.Model):
    _inherit = "ir.model"

    @api.depends_context("uid", "pope_words")
    def _compute_display_name(self):
        """Notifications name what they are about by its model: for us a project, never a lead."""
        super()._compute_display_name()
        leads = self.filtered(lambda model: model.model == "crm.lead")
        if leads and (self.env.context.get("pope_words") or self.env["crm.lead"]._pope_sells_nothing()):
            leads.display_name = self.env._("Project")


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _pope_own(self):
        on_leads = self.filtered(lambda activity: activity.res_model == "crm.lead")
        own_ids = self.env["crm.lead"]._pope_among(on_leads.mapped("res_id"))
        return on_leads.filtered(lambda activity: activity.res_id in own_ids)

    def _pope_counts(self):
        """How many records have a late, a present or a coming activity, as the clock of the top bar counts them."""
        counts = dict.fromkeys(COUNTS, 0)
        for on_lead in self.grouped("res_id").values():
            states = set(on_lead.mapped("state"))
            first = next(state for state in ("overdue", "today", "planned") if state in states)
            counts[f"{first}_count"] += 1
            counts["total_count"] += first != "planned"
        return counts

    def action_notify(self):
        own = self._pope_own()
        super(MailActivity, own.with_context(pope_words=True)).action_notify()
        return super(MailActivity, self - own).action_notify()


class MailTrackingValue(models.Model):
    _inherit = "mail.tracking.value"

    def _tracking_value_format_model(self, model):
        formatted = super()._tracking_value_format_model(model)
        if model == "crm.lead":
            own_ids = self.env["crm.lead"]._pope_among(self.mail_message_id.mapped("res_id"))
            names = {change.id: change.field_id.name for change in self if change.mail_message_id.res_id in own_ids}
            labels = self.env["crm.lead"]._pope_labels()
            for change in formatted:
                if label := labels.get(names.get(change["id"])):
                    change["fieldInfo"]["changedField"] = label
        return formatted


class ResUsers(models.Model):
    _inherit = "res.users"

    @api.model
    def _get_activity_groups(self):
        """The clock of the top bar counts what is ours apart from opportunities, and opens our own screens."""
        groups = super()._get_activity_groups()
        leads = next((group for group in groups if group["model"] == "crm.lead"), None)
        if not leads or not self.env.user.has_group("pope_crm.group_pope_user"):
            return groups
        mine = [("user_id", "=", self.env.uid), ("res_model", "=", "crm.lead")]
        activities = self.env["mail.activity"].search(mine)._pope_own()
        seen = self.env["crm.lead"].browse(activities.mapped("res_id"))._filtered_access("read")
        own, rest = [], dict(leads)
        for lead_type, (_one, name, action, _form) in self.env["crm.lead"]._pope_screens().items():
            ids = set(seen.filtered(lambda lead, lead_type=lead_type: lead.type == lead_type)._ids)
            counts = activities.filtered(lambda activity, ids=ids: activity.res_id in ids)._pope_counts()
            rest |= {key: rest[key] - count for key, count in counts.items()}
            if any(counts.values()):
                icon = "/pope_crm/static/description/icon.png"
                own.append({**leads, **counts, "name": name, "icon": icon, "pope_action": action})
        others = [rest] if any(rest[key] for key in COUNTS) else []
        return [*own, *(group for group in groups if group is not leads), *others]
