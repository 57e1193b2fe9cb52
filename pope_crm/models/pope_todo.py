from textwrap import shorten

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date, formatLang

from .pope_financial_summary_cerfa import CERFA

SHOWN = 5  # rows of a card
COUNTED = 99  # beyond, a card says "99+": nobody counts, and the page never waits for a count
FOUND = 8  # persons proposed while a name is typed
DETAIL = 90  # characters of a message on its row


class Todo(models.AbstractModel):
    """The team's home page: cards in the order of a morning, each row one tap from the thing and its one gesture.

    A card is a method that returns `_card(…)`; other add-ons add theirs by extending `_cards`. What is rarer is a line
    of a theme, with its count only: see `_themes`. All are counted in one query, whatever their number.
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
        themes = [(title, [line for make in makes if (line := make())]) for title, makes in self._themes()]
        self._find_together([*cards, *(line for _title, lines in themes for line in lines)])
        cards = [card for card in cards if card["count"]]
        self._read_together(cards)
        for card in cards:
            records, describe = card.pop("records")[:SHOWN], card.pop("describe")
            card["rows"] = [
                dict(zip(("id", "title", "detail"), (record.id, *describe(record)), strict=True)) for record in records
            ]
        cards += [theme for title, lines in themes if (theme := self._theme(title, lines))]
        return {"cards": cards, "next": False if cards else self._next_sentence()}

    @api.model
    def _find_together(self, cards):
        """Look for what each card is about, as the user may read it, with one query for all."""
        searched = []
        for card in cards:
            # sudo: one's own activities are theirs to read; the model would ask about the document of each
            Model = self.env[card["model"]].sudo(card["model"] == "mail.activity")
            order = card.pop("order") or Model._order
            searched.append(Model._search(card.pop("domain"), limit=COUNTED + 1, order=order))
        [found] = self.env.execute_query(
            SQL("SELECT %s", SQL(", ").join(SQL("ARRAY(%s)", query.select()) for query in searched))
        )
        for card, ids in zip(cards, found, strict=True):
            card["records"] = self.env[card["model"]].browse(ids)
            card["count"], card["more"] = len(ids[:COUNTED]), len(ids) > COUNTED

    @api.model
    def _read_together(self, cards):
        """The rows of one model are read once, with what the rows of others are about: projects, persons."""
        wanted = {}
        for card in cards:
            records = card["records"][:SHOWN]
            known, names = wanted.get(card["model"], (records, set()))
            wanted[card["model"]] = known | records, names | set(card.pop("names"))
        # what rows of others are about comes last: its own rows are read with it
        pointed = {self.env[model]._fields[name].comodel_name for model, (_, names) in wanted.items() for name in names}
        about = {}
        for model in sorted(wanted, key=lambda model: model in pointed):
            records, names = wanted[model]
            if others := about.pop(model, None):
                records, names = records | others, {*names, "name"}
            # sudo: these rows were found as the user may read them, and who reads a row reads what it is about; the
            # rules of each model would ask the database for companies
            records.sudo().fetch(names)
            for name in names:
                if records._fields[name].type == "many2one":
                    target = records[name]
                    about[target._name] = about.get(target._name, target) | target
        for targets in about.values():
            targets.sudo().mapped("display_name")  # sudo: as above

    @api.model
    def _theme(self, title, lines):
        """A card of lines that are only counted, each one tap from its list; None when nothing waits."""
        shown = [line for line in lines if line["count"]]
        if not shown:
            return None
        names = ("title", "count", "more", "color", "model", "action")
        late = any(line["color"] == "danger" for line in shown)
        return {
            "title": title,
            "model": False,
            "count": sum(line["count"] for line in shown),
            "more": any(line["more"] for line in shown),
            "color": "danger" if late else "warning",
            "rows": [],
            "lines": [{name: line[name] for name in names} for line in shown],
        }

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
        """What a card is about; it is not shown when nothing waits, nor to who may not read the model.

        :param names: fields that `describe` reads, fetched with the records
        :param describe: gives the two lines of text of a record
        :param options: order; gesture, the method and label of the one gesture of a row; open_method, what a tap on a
            row calls instead of opening its form; color, danger (late) or warning (soon); list_view, form_view and
            search_view, XML ids of those that show everything, where the model's first ones are not ours
        """
        if not self.env[model].has_access("read"):
            return None
        gesture = options.get("gesture")
        views = [(kind, options.get(f"{kind}_view")) for kind in ("list", "form")]
        view_id = self.env["ir.model.data"]._xmlid_to_res_id
        action = {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model,
            "views": [(view_id(view) if view else False, kind) for kind, view in views],
            "domain": list(domain),
        }
        if search := options.get("search_view"):
            action["search_view_id"] = [view_id(search), "search"]
        return {
            "title": title,
            "color": options.get("color", "warning"),
            "model": model,
            "domain": domain,
            "order": options.get("order"),
            "names": names,
            "describe": describe,
            "open_method": options.get("open_method", False),
            "gesture": gesture and dict(zip(("method", "label"), gesture, strict=True)),
            "action": action,
        }

    @api.model
    def _line(self, title, model, domain, **options):
        """A line of a theme: what waits is counted, and opens as a list."""
        return self._card(title, model, domain, (), None, **options)

    @api.model
    def _themes(self):
        """Title of each theme, with the methods that each make one of its lines."""
        lines = [self._line_late_loans, self._line_summaries, self._line_reports, self._line_budgets]
        return [(self.env._("Finance"), lines)]

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
        ours = (name for name, model in self.env.registry.items() if name.startswith("pope."))
        return ["crm.lead", "res.partner", *(name for name in ours if "activity_ids" in self.env[name]._fields)]

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

    # --- Lines of themes ---

    @api.model
    def _line_late_loans(self):
        """Loans of the pole with an instalment whose day has passed."""
        late = [("is_paid", "=", False), ("date", "<", fields.Date.context_today(self))]
        domain = [("state", "=", "granted"), ("lead_id", "=", False), ("line_ids", "any", late)]
        return self._line(self.env._("Loans with a late instalment"), "pope.loan", domain, color="danger")

    @api.model
    def _line_summaries(self):
        domain = [("state", "=", "draft"), ("kind", "!=", CERFA)]
        return self._line(self.env._("Summaries to freeze"), "pope.financial.summary", domain)

    @api.model
    def _line_reports(self):
        domain = [("state", "=", "draft"), ("kind", "=", CERFA)]
        return self._line(self.env._("Financial reports (Cerfa) to freeze"), "pope.financial.summary", domain)

    @api.model
    def _line_budgets(self):
        """Only the budget of a year is voted; one that is over is history."""
        today = fields.Date.context_today(self)
        domain = [("kind", "=", "year"), ("state", "=", "draft"), ("date_to", ">=", today)]
        return self._line(self.env._("Budgets to vote"), "pope.budget", domain)

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
