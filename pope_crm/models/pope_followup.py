import re
import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..core import person_names

TOKEN_MONTHS = 4  # how long after its date a form may still be sent
TOKEN = re.compile(r"[\w-]{16,64}", re.ASCII)
NUMBER = re.compile(r"\d{1,6}([.,]\d{1,3})?", re.ASCII)
FIGURES = (("place_count", 200), ("child_count", 500), ("childminder_count", 50), ("job_count", 200))


class FollowupDelay(models.Model):
    """When places are asked for news after their opening: the pole's to edit."""

    _name = "pope.followup.delay"
    _description = "Follow-Up Delay"
    _order = "months"
    _rec_name = "months"

    months = fields.Integer(string="Months After the Opening", required=True)
    active = fields.Boolean(default=True)

    _months_unique = models.UniqueIndex("(months)", "This delay is in the list already.")
    _months_positive = models.Constraint("CHECK (months > 0)", "A delay counts from one month on.")


class Followup(models.Model):
    """News of an open place at a given month: asked by e-mail, answered on a page without log-in."""

    _name = "pope.followup"
    _description = "Follow-Up of an Open Place"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_due, id"

    lead_id = fields.Many2one(
        "crm.lead",
        string="Project",
        required=True,
        ondelete="cascade",
        index=True,
        domain=[("type", "=", "project")],
    )
    company_id = fields.Many2one(related="lead_id.company_id")
    user_id = fields.Many2one(related="lead_id.user_id", string="Person in Charge")
    months = fields.Integer(required=True, aggregator=None, help="Months after the opening.")
    date_due = fields.Date(compute="_compute_date_due", store=True, index=True)
    state = fields.Selection(
        [("planned", "Planned"), ("answered", "Answered"), ("withdrawn", "Withdrawn")],
        required=True,
        default="planned",
        tracking=True,
    )
    date_answer = fields.Date(string="Answered On", readonly=True, copy=False)
    answered_by = fields.Char(copy=False)
    answered_partner_id = fields.Many2one(
        "res.partner",
        string="Answered by (Person)",
        compute="_compute_answered_partner_id",
        store=True,
        readonly=False,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    status = fields.Selection(
        [("open", "Open"), ("moved", "Open, at another address"), ("closed", "Closed")],
        string="The Place Is",
        copy=False,
        tracking=True,
    )
    place_count = fields.Integer(string="Places", copy=False)
    child_count = fields.Integer(string="Children Enrolled", copy=False)
    childminder_count = fields.Integer(string="Childminders", copy=False)
    job_count = fields.Float(string="Jobs (full-time equivalent)", digits=(6, 2), copy=False)
    difficulties = fields.Text(copy=False)
    wants_call = fields.Boolean(string="Wishes to Be Called", copy=False)
    access_token = fields.Char(copy=False, groups="pope_crm.group_pope_user")
    public_url = fields.Char(string="Form", compute="_compute_public_url")
    notification_ids = fields.One2many("pope.notification", "followup_id", string="E-mails")

    # What the mail engine asks of any source
    pope_holder_ids = fields.Many2many(related="lead_id.pope_holder_ids")
    pope_structure_type_id = fields.Many2one(related="lead_id.pope_structure_type_id")
    pope_town_id = fields.Many2one(related="lead_id.pope_town_id")
    partner_id = fields.Many2one(related="lead_id.partner_id", string="Contact", help="The contact of the project.")

    _once = models.UniqueIndex("(lead_id, months)", "This follow-up is planned already.")
    _figures_positive = models.Constraint(
        "CHECK (COALESCE(place_count, 0) >= 0 AND COALESCE(child_count, 0) >= 0 "
        "AND COALESCE(childminder_count, 0) >= 0 AND COALESCE(job_count, 0) >= 0)",
        "The figures of a follow-up cannot be negative.",
    )

    @api.depends("lead_id", "months")
    def _compute_display_name(self):
        for followup in self:
            followup.display_name = f"{followup.lead_id.name} – M+{followup.months}"

    @api.depends("lead_id.pope_opening_date", "months")
    def _compute_date_due(self):
        for followup in self:
            opening = followup.lead_id.pope_opening_date
            followup.date_due = opening and fields.Date.add(opening, months=followup.months)

    @api.depends("state", "answered_by")
    def _compute_answered_partner_id(self):
        for followup in self:
            if followup.state != "answered":
                followup.answered_partner_id = False
            elif not followup.answered_partner_id:
                followup.answered_partner_id = followup._who_answered()

    def _who_answered(self):
        """The holder whose name was given; where none is recognised the only holder, or the contact of the project."""
        words = set(person_names.sort_key(self.answered_by))
        holders = self.pope_holder_ids
        named = holders.filtered(lambda person: words and words <= set(person_names.sort_key(person.name)))
        likely = named if len(named) == 1 else holders
        return likely if len(likely) == 1 else self.partner_id

    @api.depends("access_token")
    def _compute_public_url(self):
        for followup in self:
            # sudo: the token is the key of the page; whoever may read the follow-up may open it
            token = followup.sudo().access_token
            followup.public_url = f"{followup.get_base_url()}/pope/suivi/{token}" if token else False

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals.setdefault("access_token", secrets.token_urlsafe(24))
        followups = super().create(vals_list)
        followups._replan()
        return followups

    def write(self, vals):
        result = super().write(vals)
        if "status" in vals:
            self._plan_what_follows()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_without_mail(self):
        # sudo: the list of e-mails is complete, whoever deletes
        if self.sudo().notification_ids.filtered(lambda row: row.state in ("sending", "sent", "in_doubt")):
            raise UserError(self.env._("E-mails were sent for this follow-up: it is kept with its project."))
        self.sudo().notification_ids.filtered(lambda row: row.state == "queued")._cancel()

    def _pope_entry_number(self):
        return 0

    @api.private
    def _replan(self, upcoming=False):
        """Plan the e-mails of the follow-ups that wait for an answer, on their present date; a closed place is asked
        nothing more.

        :param upcoming: nothing of a day that is over
        """
        closed = self.lead_id.filtered(lambda lead: lead.pope_followup_ids._last_status() == "closed")
        waiting = self.filtered(
            lambda followup: (
                followup.state != "answered"
                and followup.date_due
                and followup.lead_id.active
                and followup.lead_id not in closed
            )
        )
        waiting.filtered(lambda followup: followup.state == "withdrawn").state = "planned"
        self.env["pope.notification.rule"]._for_trigger("date", "followup")._replan(waiting, upcoming)

    def _last_status(self):
        """What the places of these follow-ups last said of themselves."""
        return self.filtered("status").sorted("date_due")[-1:].status

    def _plan_what_follows(self):
        """A closed place is asked for no more news; one that is open after all is."""
        for lead in self.lead_id:
            if lead.pope_followup_ids._last_status() == "closed":
                lead.pope_followup_ids._withdraw("closed")
            elif lead.stage_id.is_won:
                lead.pope_followup_ids.filtered(lambda followup: followup.state == "withdrawn")._replan(upcoming=True)

    @api.private
    def _withdraw(self, reason="moved"):
        """The place is not open after all, or no more: what was not answered is asked no more."""
        waiting = self.filtered(lambda followup: followup.state == "planned")
        waiting.state = "withdrawn"
        # sudo: whoever moves a card back takes its e-mails back
        waiting.sudo().notification_ids.filtered(lambda row: row.state in ("planned", "to_approve"))._cancel(reason)

    # --- The page ---

    @api.model
    @api.private
    def _find_by_token(self, token):
        """The follow-up that a link opens, or an empty set: unknown, withdrawn, or too old."""
        if not TOKEN.fullmatch(token or ""):
            return self.browse()
        # sudo: visitors have no access to the model; the token is their key
        followup = self.sudo().search([("access_token", "=", token)], limit=1)
        if not followup or followup.state == "withdrawn" or not followup.date_due:
            return self.browse()
        limit = fields.Date.add(followup.date_due, months=TOKEN_MONTHS)
        return followup if fields.Date.context_today(self) <= limit else self.browse()

    @api.private
    def _answer(self, form):
        """Write what a person filled in.

        :param dict form: texts by field name
        :raises ValidationError: a sentence for each entry that cannot be right; nothing is written
        """
        self.ensure_one()
        errors = []
        values = {
            "answered_by": form.get("answered_by", "")[:120],
            "difficulties": form.get("difficulties", "")[:4000],
            "wants_call": bool(form.get("wants_call")),
            "status": form.get("status"),
            "state": "answered",
            "date_answer": fields.Date.context_today(self),
        }
        if values["status"] not in dict(self._fields["status"].selection):
            errors.append(self.env._("Tell us whether the place is open."))
        labels = self.fields_get([name for name, _maximum in FIGURES], ["string"])
        for name, maximum in FIGURES:
            text = re.sub(r"\s", "", form.get(name, "")) or "0"
            number = float(text.replace(",", ".")) if NUMBER.fullmatch(text) else -1
            if not 0 <= number <= maximum or (name != "job_count" and number != int(number)):
                errors.append(
                    self.env._(
                        "%(label)s: write a number between 0 and %(maximum)s.",
                        label=labels[name]["string"],
                        maximum=maximum,
                    )
                )
                continue
            values[name] = number if name == "job_count" else int(number)
        if errors:
            raise ValidationError("\n".join(errors))
        self.write(values)
        self.sudo().notification_ids.filtered(  # sudo: the visitor has no rights; an answered follow-up is not reminded
            lambda row: row.state in ("planned", "to_approve")
        )._cancel("obsolete")
        self._tell_team()

    def _tell_team(self):
        """Something to act on becomes an activity of the person in charge."""
        for followup in self.filtered(lambda followup: followup.wants_call or followup.status == "closed"):
            closed = followup.status == "closed"
            summary = (
                self.env._("The place has closed: call") if closed else self.env._("The place wishes to be called")
            )
            if summary in followup.activity_ids.mapped("summary"):
                continue  # a form may be sent again and again
            followup.activity_schedule(
                "mail.mail_activity_data_call",
                summary=summary,
                user_id=(followup.lead_id.user_id or followup.create_uid).id,
            )

    def action_send_now(self):
        """Send the link to the holders at once, by hand."""
        rule = self.env["pope.notification.rule"]._for_trigger("date", "followup")[:1]
        if not rule:
            raise UserError(self.env._("No e-mail rule sends the link of a follow-up: ask a manager."))
        rows = rule._plan(
            self.filtered(lambda followup: followup.state == "planned"), when=self.env.cr.now(), manual=True
        )
        if not rows:
            raise UserError(self.env._("There is nobody to write to: the project has no holder, or has answered."))
        return rows.sudo(False)._action_open()

    def action_mark_answered(self):
        """The answers were taken by phone and typed in."""
        self.write({"state": "answered", "date_answer": fields.Date.context_today(self)})
