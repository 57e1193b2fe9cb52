import re
import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.pope_crm.models.pope_notification import BUTTON

TOKEN_MONTHS = 4  # how long after its date a form may still be sent
TOKEN = re.compile(r"[\w-]{16,64}", re.ASCII)
SITUATIONS = [
    ("job", "In a job with young children"),
    ("other_job", "In another job"),
    ("training", "In training"),
    ("seeking", "Looking for a job"),
    ("other", "Another situation"),
]
JOBS = ("job", "other_job")


class PathOutcomeDelay(models.Model):
    """When people are asked what became of them: the pole's to edit."""

    _name = "pope.path.outcome.delay"
    _description = "Outcome Delay"
    _order = "months"
    _rec_name = "months"

    months = fields.Integer(string="Months After the Discovery Day", required=True)
    active = fields.Boolean(default=True)

    _months_unique = models.UniqueIndex("(months)", "This delay is in the list already.")
    _months_positive = models.Constraint("CHECK (months > 0)", "A delay counts from one month on.")


class PathOutcome(models.Model):
    """What became of a person some months after their discovery day: asked by e-mail, answered on a page without
    log-in."""

    _name = "pope.path.outcome"
    _description = "Outcome of a Path"
    _inherit = ["pope.path.part"]
    _order = "date_due, id"

    user_id = fields.Many2one(related="lead_id.user_id", string="Person in Charge")
    months = fields.Integer(required=True, aggregator=None, help="Months after the discovery day.")
    date_due = fields.Date(compute="_compute_date_due", store=True, index=True)
    state = fields.Selection(
        [("planned", "Planned"), ("answered", "Answered")], required=True, default="planned", index=True
    )
    date_answer = fields.Date(string="Answered On", readonly=True, copy=False)
    is_own_answer = fields.Boolean(string="Answered on the Page", readonly=True, copy=False)
    situation = fields.Selection(SITUATIONS, copy=False)
    contract = fields.Selection(
        [
            ("permanent", "Permanent contract (CDI)"),
            ("fixed", "Fixed-term contract (CDD)"),
            ("apprentice", "Apprenticeship or work-study"),
            ("self", "Childminder or self-employed"),
        ],
        copy=False,
    )
    employer = fields.Char(copy=False)
    has_diploma = fields.Boolean(string="Diploma Obtained Since", copy=False)
    comment = fields.Text(copy=False)
    wants_call = fields.Boolean(string="Wishes to Be Called", copy=False)
    access_token = fields.Char(copy=False, groups="pope_crm.group_pope_user")
    public_url = fields.Char(string="Form", compute="_compute_public_url")
    notification_ids = fields.One2many("pope.notification", "outcome_id", string="E-mails")

    # What the mail engine asks of any source
    pope_structure_type_id = fields.Many2one(related="lead_id.pope_structure_type_id")

    _once = models.UniqueIndex("(lead_id, months)", "This outcome is asked already.")

    @api.depends("lead_id", "months")
    def _compute_display_name(self):
        for outcome in self:
            outcome.display_name = f"{outcome.lead_id.name} – M+{outcome.months}"

    @api.depends("lead_id.pope_path_attended_date", "lead_id.pope_path_positioned_date", "months")
    def _compute_date_due(self):
        for outcome in self:
            start = outcome.lead_id._pope_path_start()
            outcome.date_due = start and fields.Date.add(start, months=outcome.months)

    @api.depends("access_token")
    def _compute_public_url(self):
        for outcome in self:
            # sudo: the token is the key of the page; whoever may read the outcome may open it
            token = outcome.sudo().access_token
            outcome.public_url = f"{outcome.get_base_url()}/pope/parcours/{token}" if token else False

    @api.model_create_multi
    def create(self, vals_list):
        outcomes = super().create([{"access_token": secrets.token_urlsafe(24), **vals} for vals in vals_list])
        outcomes._replan()
        return outcomes

    @api.ondelete(at_uninstall=False)
    def _unlink_without_mail(self):
        # sudo: the list of e-mails is complete, whoever deletes
        if self.sudo().notification_ids.filtered(lambda row: row.state in ("sending", "sent", "in_doubt")):
            raise UserError(self.env._("E-mails were sent for this outcome: it is kept with its path."))
        self.sudo().notification_ids.filtered(lambda row: row.state == "queued")._cancel()

    def _pope_entry_number(self):
        return 0

    @api.private
    def _replan(self, upcoming=False):
        """Plan the e-mails of what is not answered yet, on its present date."""
        waiting = self.filtered(lambda row: row.state == "planned" and row.date_due and row.lead_id._pope_asks_news())
        self.env["pope.notification.rule"]._for_trigger("date", "outcome")._replan(waiting, upcoming)

    # --- The page ---

    @api.model
    @api.private
    def _find_by_token(self, token):
        """The outcome that a link opens, or an empty set: unknown, of somebody forgotten, or too old."""
        if not TOKEN.fullmatch(token or ""):
            return self.browse()
        # sudo: visitors have no access to the model; the token is their key
        outcome = self.sudo().search([("access_token", "=", token)], limit=1)
        if not outcome.date_due or outcome.partner_id.pope_anonymised_date:
            return self.browse()
        limit = fields.Date.add(outcome.date_due, months=TOKEN_MONTHS)
        return outcome if fields.Date.context_today(self) <= limit else self.browse()

    def _situations(self):
        """The choices of the page, in the language of the context."""
        return self._fields["situation"]._description_selection(self.env)

    def _contracts(self):
        return self._fields["contract"]._description_selection(self.env)

    @api.private
    def _answer(self, form):
        """Write what a person filled in.

        :param dict form: texts by field name
        :raises ValidationError: what cannot be right; nothing is written
        """
        self.ensure_one()
        if self._is_taken():
            raise ValidationError(
                self.env._("We have your news already, thank you. To correct them, answer our e-mail.")
            )
        if form.get("situation") not in dict(SITUATIONS):
            raise ValidationError(self.env._("Tell us what you are doing today."))
        contract = form.get("contract")
        works = form["situation"] in JOBS
        self.write(
            {
                "situation": form["situation"],
                "contract": works and contract in dict(self._fields["contract"].selection) and contract,
                "employer": works and (form.get("employer") or "")[:120],
                "has_diploma": bool(form.get("has_diploma")),
                "comment": (form.get("comment") or "")[:4000],
                "wants_call": bool(form.get("wants_call")),
                "is_own_answer": True,
            }
        )
        self.action_mark_answered()
        self._tell_team()

    def _is_taken(self):
        """Whether the team noted the answers: who has the link neither sees nor changes them, but only their own."""
        return self.state == "answered" and not self.is_own_answer

    def _tell_team(self):
        """Who wishes to be called is called by the person in charge, once."""
        for outcome in self.filtered("wants_call"):
            summary = self.env._("Wishes to be called")
            if summary not in outcome.lead_id.activity_ids.mapped("summary"):
                user = outcome.lead_id.user_id or outcome.lead_id.team_id.user_id or outcome.lead_id.create_uid
                outcome.lead_id.activity_schedule("mail.mail_activity_data_call", summary=summary, user_id=user.id)

    def action_mark_answered(self):
        """Also by hand, when the answers were taken by phone: it is reminded no more."""
        if any(not outcome.situation for outcome in self):
            raise UserError(self.env._("Note what the person is doing first."))
        today = fields.Date.context_today(self)
        for outcome in self:  # a correction does not make the news younger
            outcome.write({"state": "answered", "date_answer": outcome.date_answer or today})
        # sudo: who answers has no rights on e-mails
        rows = self.sudo().notification_ids.filtered(lambda row: row.state in ("planned", "to_approve"))
        rows._cancel("obsolete")

    def action_send_now(self):
        """Send the link to the person at once, by hand."""
        rule = self.env["pope.notification.rule"]._for_trigger("date", "outcome")[:1]
        if not rule:
            raise UserError(self.env._("No e-mail rule sends the link of the form: ask a manager."))
        waiting = self.filtered(lambda outcome: outcome.state == "planned")
        rows = rule._plan(waiting, when=self.env.cr.now(), manual=True)
        if not rows:
            raise UserError(self.env._("There is nobody to write to, or it is answered already."))
        return rows.sudo(False)._action_open()


class CrmLead(models.Model):
    """What became of people is asked from the day they came."""

    _inherit = "crm.lead"

    pope_path_outcome_ids = fields.One2many(
        "pope.path.outcome", "lead_id", string="Outcomes", groups="pope_crm.group_pope_user"
    )

    def _pope_path_start(self):
        """The day that outcomes are counted from."""
        return self.pope_path_attended_date or self.pope_path_positioned_date

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        if paths := leads._pope_paths():
            paths._pope_ask_outcomes()
        return leads

    def write(self, vals):
        result = super().write(vals)
        if {"pope_path_attended_date", "pope_path_positioned_date"}.intersection(vals):
            self._pope_paths()._pope_ask_outcomes()
        return result

    def _pope_ask_outcomes(self):
        """An outcome at each delay for who came; those that exist move with the day."""
        started = self.filtered(lambda lead: lead._pope_path_start())
        if not started:
            return
        delays = self.env["pope.path.outcome.delay"].search([("active", "=", True)]).mapped("months")
        # sudo: what is asked follows whoever notes attendance
        Outcome = self.env["pope.path.outcome"].sudo()
        known = Outcome.search([("lead_id", "in", started.ids)])
        there = {(outcome.lead_id.id, outcome.months) for outcome in known}
        Outcome.create(
            [
                {"lead_id": lead.id, "months": months}
                for lead in started
                for months in delays
                if (lead.id, months) not in there
            ]
        )
        if known:
            known._replan()

    def _pope_plan_upcoming(self):
        result = super()._pope_plan_upcoming()
        # sudo: what is to come is asked whatever the rights of who takes a path up again
        self.sudo().pope_path_outcome_ids._replan(upcoming=True)
        return result

    def _merge_dependences(self, opportunities):
        if self.type == "path":
            # sudo: what was answered is kept with its path, whoever merges
            mine = {outcome.months: outcome for outcome in self.sudo().pope_path_outcome_ids}
            for outcome in opportunities.sudo().pope_path_outcome_ids:
                twin = mine.get(outcome.months)
                if twin and (twin.state == "answered" or outcome.state == "planned"):
                    continue
                if twin:
                    twin.notification_ids.outcome_id = outcome
                    twin.unlink()
                outcome.lead_id = self
                mine[outcome.months] = outcome
        return super()._merge_dependences(opportunities)


class NotificationRule(models.Model):
    _inherit = "pope.notification.rule"

    source = fields.Selection(selection_add=[("outcome", "Outcome of a career path")], ondelete={"outcome": "cascade"})

    @api.model
    def _source_dates(self):
        return {**super()._source_dates(), "outcome": ("pope.path.outcome", ["date_due"])}

    def _source_field(self):
        return "outcome_id" if self.source == "outcome" else super()._source_field()

    def _source_values(self, record):
        if self.source == "outcome":
            return {"outcome_id": record.id, "lead_id": record.lead_id.id}
        return super()._source_values(record)

    def _record_of(self, lead):
        if self.source != "outcome":
            return super()._record_of(lead)
        outcomes = lead.pope_path_outcome_ids
        return (outcomes.filtered(lambda outcome: outcome.state == "planned") or outcomes)[:1]

    @api.constrains("source", "trigger", "recipients", "stage_id")
    def _check_outcome(self):
        for rule in self.filtered(lambda rule: rule.source == "outcome"):
            if rule.trigger != "date" or rule.recipients != "contact" or rule.stage_id:
                raise ValidationError(
                    self.env._(
                        "“%(name)s” asks a person what became of them: it needs a date, and no stage.", name=rule.name
                    )
                )


class Notification(models.Model):
    _inherit = "pope.notification"

    outcome_id = fields.Many2one("pope.path.outcome", ondelete="cascade", index="btree_not_null")
    outcome_link = fields.Html(string="Link to the Outcome Form", compute="_compute_outcome_link", sanitize=False)

    @api.model
    def mail_allowed_qweb_expressions(self):
        return (*super().mail_allowed_qweb_expressions(), "object.outcome_link", "object.outcome_id.months")

    @api.depends("outcome_id", "lang")
    def _compute_outcome_link(self):
        for row in self:
            told = row.with_context(lang=row.lang or row.partner_id.lang)
            label = told.env._("Give my news")
            row.outcome_link = BUTTON % (row.outcome_id.public_url, label) if row.outcome_id else False

    def _still_valid(self):
        asked = self.outcome_id.state == "planned" and self.lead_id._pope_asks_news() if self.outcome_id else True
        if not self.is_manual and not asked:
            return False, "obsolete"
        return super()._still_valid()
