from textwrap import shorten

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date, formatLang

SHOWN = 5  # rows of a card
COUNTED = 99  # beyond, a card says "99+": nobody counts, and the page never waits for a count
FOUND = 8  # persons proposed while a name is typed
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
        self._read_together(cards)
        for card in cards:
            records, describe = card.pop("records"), card.pop("describe")
            card["rows"] = [
                dict(zip(("id", "title", "detail"), (record.id, *describe(record)), strict=True)) for record in records
            ]
        return {"cards": cards, "next": False if cards else self._next_sentence()}

    @api.model
    def _read_together(self, cards):
        """What the rows of several cards are about is read once: the projects of mails and of follow-ups."""
        about = {}
        for card in cards:
            records = card["records"]
            for name in card.pop("names"):
                if records._fields[name].type == "many2one":
                    target = records[name]
                    about[target._name] = about.get(target._name, target) | target
        for targets in about.values():
            # sudo: who reads a row reads what it is about; the rules of each model would ask the database for companies
            targets.sudo().mapped("display_name")

    @api.model
    @api.readonly
    def find_people(self, text):
        """Persons whose name, phone, e-mail or project is being typed, with what one does with them on a phone.

        :return: list of dicts: id, name, detail, phone (False where none), lead_id (their project, where there is no
            doubt which one)
        """
        text = (text or "").strip()
        if not text:
            return []
        names = Domain.AND([Domain("complete_name", "ilike", word) for word in text.split()])
        others = [Domain(field, "ilike", text) for field in ("email", "pope_any_phone", "pope_member_ids.lead_id.name")]
        ours = Domain("is_company", "=", False) & Domain("pope_anonymised_date", "=", False)
        Partner, wanted = self.env["res.partner"], ours & Domain.OR([names, *others])
        people = Partner.search(wanted & Partner._pope_people_domain(), limit=FOUND)
        if len(people) < FOUND:  # then who is not the pole's yet
            people += Partner.search(wanted & Domain("id", "not in", people.ids), limit=FOUND - len(people))
        people.pope_member_ids.lead_id.mapped("name")  # all their projects in one read
        rows = []
        for person in people:
            project = person._pope_main_project()
            town = person.pope_town_id.name or person.city
            rows.append(
                {
                    "id": person.id,
                    "name": person.name,
                    "detail": " · ".join(filter(None, (project.name, project.stage_id.name) if project else (town,))),
                    "phone": person.phone or person.pope_phone_ids[:1].number,
                    "lead_id": project.id,
                }
            )
        return rows

    @api.model
    def _cards(self):
        """Methods that each make one card, in the order of the page."""
        return [
            self._card_to_sort,
            self._card_to_approve,
            self._card_in_doubt,
            self._card_late_projects,
            self._card_activities,
            self._card_late_payments,
            self._card_late_funding,
            self._card_unanswered_followups,
        ]

    @api.model
    def _card(self, title, model, domain, names, describe, **options):
        """One card, in one query of its own, or None when nothing waits.

        :param names: fields that `describe` reads, fetched with the records
        :param describe: gives the two lines of text of a record
        :param options: order; gesture, the method and label of the one gesture of a row; open_method, what a tap on a
            row calls instead of opening its form; color, danger (late) or warning (soon); list_view and form_view, XML
            ids of those that show everything, where the model's first ones are not ours
        """
        found = self.env[model].search_fetch(domain, names, limit=COUNTED + 1, order=options.get("order"))
        if not found:
            return None
        gesture = options.get("gesture")
        views = [(kind, options.get(f"{kind}_view")) for kind in ("list", "form")]
        view_id = self.env["ir.model.data"]._xmlid_to_res_id
        return {
            "title": title,
            "count": len(found[:COUNTED]),
            "more": len(found) > COUNTED,
            "color": options.get("color", "warning"),
            "model": model,
            "records": found[:SHOWN],
            "names": names,
            "describe": describe,
            "open_method": options.get("open_method", False),
            "gesture": gesture and dict(zip(("method", "label"), gesture, strict=True)),
            "action": {
                "type": "ir.actions.act_window",
                "name": title,
                "res_model": model,
                "views": [(view_id(view) if view else False, kind) for kind, view in views],
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
        return self._card(
            self.env._("Late projects"),
            "crm.lead",
            domain,
            ["name", "stage_id", "date_last_stage_update", "type", "won_status", "pope_paused_until"],
            lambda lead: (
                lead.name,
                self.env._("%(stage)s, no news for %(days)s days", stage=lead.stage_id.name, days=lead.rotting_days),
            ),
            order="date_last_stage_update, id",
            gesture=("action_pope_note_interaction", self.env._("Note Down")),
            color="danger",
            list_view="pope_crm.crm_lead_view_list_project",
            form_view="pope_crm.crm_lead_view_form_project",
        )

    @api.model
    def _todo_models(self):
        """Models whose activities are work of the pole."""
        funding = ("pope.funding", "pope.funding.obligation", "pope.funding.instalment")
        return ("crm.lead", "res.partner", "pope.followup", *funding, "pope.intake")

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
            ["summary", "res_name", "date_deadline"],
            lambda activity: (
                activity.display_name,
                " · ".join(filter(None, (activity.res_name, format_date(self.env, activity.date_deadline)))),
            ),
            gesture=("action_done", self.env._("Done")),
            open_method="action_open_document",
            order="date_deadline, id",
        )

    @api.model
    def _card_late_payments(self):
        """Payments of funders whose day has passed; asked for once more with one gesture."""
        return self._card(
            self.env._("Late payments of funders"),
            "pope.funding.instalment",
            self.env["pope.funding.instalment"]._late_domain(),
            ["kind", "funding_id", "amount_left", "date_expected"],
            # the amount without its currency, which would cost two queries more
            lambda row: (
                row.display_name,
                " · ".join((formatLang(self.env, row.amount_left), format_date(self.env, row.date_expected))),
            ),
            gesture=("action_request", self.env._("Ask Again")),
            order="date_expected, id",
            color="danger",
        )

    @api.model
    def _card_late_funding(self):
        """Applications and reports whose day has passed."""
        domain = [
            ("is_done", "=", False),
            ("date", "<", fields.Date.context_today(self)),
            ("kind", "!=", "instalment"),  # they have a card of their own
        ]
        return self._card(
            self.env._("Late for funders"),
            "pope.funding.deadline",
            domain,
            ["date", "kind", "funding_id", "obligation_name"],
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
