from textwrap import shorten

from odoo import api, fields, models
from odoo.tools import format_date

SHOWN = 5  # rows of a card
DETAIL = 90  # characters of a message on its row


class Todo(models.AbstractModel):
    """The team's home page: cards in the order of a morning, each row one tap from the thing and its one gesture.

    A card is a method that returns `_card(…)`, or None where it has nothing to show; other add-ons add theirs by
    extending `_cards`.
    """

    _name = "pope.todo"
    _description = "To Do"

    @api.model
    @api.readonly
    def get_cards(self):
        """What waits for the user now.

        :return: dict: cards, a list of dicts as `_card` makes them; next, a sentence on what comes first when nothing
            waits
        """
        cards = [card for make in self._cards() if (card := make())]
        return {"cards": cards, "next": False if cards else self._next_sentence()}

    @api.model
    def _cards(self):
        """Methods that each make one card, in the order of the page."""
        return [
            self._card_to_sort,
            self._card_to_approve,
            self._card_in_doubt,
            self._card_late_projects,
            self._card_activities,
            self._card_late_funding,
            self._card_unanswered_followups,
        ]

    @api.model
    def _card(self, title, model, domain, names, describe, **options):
        """One card, in at most two queries of its own, or None when nothing waits.

        :param names: fields that `describe` reads, fetched with the records
        :param describe: gives the two lines of text of a record
        :param options: order; found, the ids in their order, where counting costs as much as finding; gesture, the
            method and label of the one gesture of a row; open_method, what a tap on a row calls instead of opening its
            form; color, danger (late) or warning (soon); list_view, XML id of
            the list that shows everything, where the model's first one is not ours
        """
        Model, found = self.env[model], options.get("found")
        if found is None:
            records = Model.search_fetch(domain, names, limit=SHOWN + 1, order=options.get("order"))
        else:
            records = Model.browse(found[: SHOWN + 1])
        if not records:
            return None
        gesture, list_view = options.get("gesture"), options.get("list_view")
        list_id = list_view and self.env["ir.model.data"]._xmlid_to_res_id(list_view)
        rows = [dict(zip(("id", "title", "detail"), (record.id, *describe(record)), strict=True)) for record in records]
        return {
            "title": title,
            "count": len(found or records) if found or len(records) <= SHOWN else records.search_count(domain),
            "color": options.get("color", "warning"),
            "model": model,
            "rows": rows[:SHOWN],
            "open_method": options.get("open_method", False),
            "gesture": gesture and dict(zip(("method", "label"), gesture, strict=True)),
            "action": {
                "type": "ir.actions.act_window",
                "name": title,
                "res_model": model,
                "views": [(list_id or False, "list"), (False, "form")],
                "domain": domain,
            },
        }

    @api.model
    def _card_to_sort(self):
        domain = [("state", "=", "to_sort")]
        return self._card(
            self.env._("To sort"),
            "pope.intake",
            domain,
            ["name", "source", "message", "date"],
            lambda intake: (intake.display_name, shorten(intake.message or "", DETAIL, placeholder="…")),
            order="date desc, id desc",
            gesture=("action_make_project", self.env._("Make a Project")),
        )

    @api.model
    def _card_to_approve(self):
        domain = [("state", "=", "to_approve")]
        return self._card(
            self.env._("E-mails to approve"),
            "pope.notification",
            domain,
            ["partner_id", "rule_id", "lead_id"],
            lambda row: (row.partner_id.name, " · ".join(filter(None, (row.rule_id.name, row.lead_id.name)))),
            gesture=("action_approve", self.env._("Approve")),
        )

    @api.model
    def _card_in_doubt(self):
        domain = [("state", "=", "in_doubt")]
        return self._card(
            self.env._("E-mails in doubt"),
            "pope.notification",
            domain,
            ["partner_id", "subject", "lead_id"],
            lambda row: (row.partner_id.name, " · ".join(filter(None, (row.subject, row.lead_id.name)))),
            gesture=("action_mark_sent", self.env._("It Arrived")),
            color="danger",
        )

    @api.model
    def _card_late_projects(self):
        domain = [("type", "=", "project"), ("is_rotting", "=", True)]
        late = self.env["crm.lead"].search(domain, order="date_last_stage_update, id")
        return self._card(
            self.env._("Late projects"),
            "crm.lead",
            domain,
            ["name", "stage_id", "date_last_stage_update"],
            lambda lead: (
                lead.name,
                self.env._("%(stage)s, no news for %(days)s days", stage=lead.stage_id.name, days=lead.rotting_days),
            ),
            found=late.ids,
            color="danger",
            list_view="pope_crm.crm_lead_view_list_project",
        )

    @api.model
    def _todo_models(self):
        """Models whose activities are work of the pole."""
        return ("crm.lead", "res.partner", "pope.followup", "pope.funding", "pope.funding.obligation", "pope.intake")

    @api.model
    def _card_activities(self):
        today = fields.Date.context_today(self)
        domain = [
            ("user_id", "=", self.env.uid),
            ("date_deadline", "<=", today),
            ("res_model", "in", self._todo_models()),
        ]
        return self._card(
            self.env._("My activities of today"),
            "mail.activity",
            domain,
            ["summary", "activity_type_id", "res_name", "date_deadline"],
            lambda activity: (
                activity.summary or activity.activity_type_id.name,
                " · ".join(filter(None, (activity.res_name, format_date(self.env, activity.date_deadline)))),
            ),
            gesture=("action_done", self.env._("Done")),
            open_method="action_open_document",
            order="date_deadline, id",
        )

    @api.model
    def _card_late_funding(self):
        """Applications and reports whose day has passed."""
        domain = [("is_done", "=", False), ("date", "<", fields.Date.context_today(self))]
        return self._card(
            self.env._("Late for funders"),
            "pope.funding.deadline",
            domain,
            ["date", "funding_id", "obligation_id"],
            lambda deadline: (
                deadline.name,
                " · ".join((deadline.funding_id.name, format_date(self.env, deadline.date))),
            ),
            gesture=("action_done", self.env._("Done")),
            open_method="action_open",
            order="date, id",
            color="danger",
        )

    @api.model
    def _card_unanswered_followups(self):
        today = fields.Date.context_today(self)
        domain = [("state", "=", "planned"), ("date_due", "<", today)]
        return self._card(
            self.env._("Follow-ups without an answer"),
            "pope.followup",
            domain,
            ["lead_id", "months", "date_due"],
            lambda followup: (followup.display_name, format_date(self.env, followup.date_due)),
            gesture=("action_send_now", self.env._("Remind")),
            order="date_due, id",
        )

    @api.model
    def _next_sentence(self):
        """What comes next, for a page without cards."""
        activity = self.env["mail.activity"].search(
            [("user_id", "=", self.env.uid), ("res_model", "in", self._todo_models())],
            order="date_deadline, id",
            limit=1,
        )
        if not activity:
            return False
        return self.env._(
            "Next: %(what)s, %(name)s, on %(date)s.",
            what=activity.summary or activity.activity_type_id.name,
            name=activity.res_name,
            date=format_date(self.env, activity.date_deadline),
        )
