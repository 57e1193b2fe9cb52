import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

_logger = logging.getLogger(__name__)


class RetentionReview(models.Model):
    """The persons whose data have been kept long enough: proposed once a year, decided by a manager, never silently."""

    _name = "pope.retention.review"
    _description = "Data to Anonymise"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"

    date = fields.Date(string="Proposed On", required=True, default=fields.Date.context_today, readonly=True)
    state = fields.Selection(
        [("draft", "To Validate"), ("validated", "Being Done"), ("done", "Done")],
        required=True,
        default="draft",
        readonly=True,
        tracking=True,
    )
    user_id = fields.Many2one("res.users", string="Validated By", readonly=True)
    line_ids = fields.One2many("pope.retention.review.line", "review_id", string="Persons")
    anonymise_count = fields.Integer(string="To Anonymise", compute="_compute_counts")
    keep_count = fields.Integer(string="To Keep", compute="_compute_counts")
    done_count = fields.Integer(string="Anonymised", compute="_compute_counts")

    @api.depends("date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for review in self:
            review.display_name = self.env._("List of %(day)s", day=format_date(self.env, review.date))

    @api.depends("line_ids.decision", "line_ids.is_done")
    def _compute_counts(self):
        counts = {
            (review, decision, is_done): count
            for review, decision, is_done, count in self.env["pope.retention.review.line"]._read_group(
                [("review_id", "in", self.ids)], ["review_id", "decision", "is_done"], ["__count"]
            )
        }
        for review in self:
            review.keep_count = counts.get((review, "keep", False), 0)
            review.done_count = counts.get((review, "anonymise", True), 0)
            review.anonymise_count = review.done_count + counts.get((review, "anonymise", False), 0)

    @api.model
    def _cron_propose(self):
        """Make the yearly list, unless the last one still waits, and tell the managers."""
        if self.search_count([("state", "!=", "done")], limit=1):
            return self.browse()
        expired = self.env["pope.retention.rule"]._expired()
        if not expired:
            return self.browse()
        last = self.env["res.partner"]._pope_contacts(
            lambda person, _date: [(person, "in", [partner.id for partner in expired])]
        )
        review = self.create({})
        self.env["pope.retention.review.line"].create(
            [
                {
                    "review_id": review.id,
                    "partner_id": partner.id,
                    "rule_id": rule.id,
                    "date_last_contact": last.get(partner.id),
                    "date_known": partner.create_date,
                }
                for partner, rule in expired.items()
            ]
        )
        managers = self.env.ref("pope_crm.group_pope_manager").all_user_ids.filtered(lambda user: not user.share)
        for manager in managers - self.env.ref("base.user_root"):
            theirs = review.with_context(lang=manager.lang)
            theirs.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=manager.id,
                summary=theirs.env._("Personal data kept long enough: a list to validate"),
            )
        return review

    def action_propose(self):
        """Make the list now instead of waiting for its day."""
        self.check_access("create")
        review = self._cron_propose() or self.search([("state", "!=", "done")], limit=1)
        if not review:
            raise UserError(self.env._("There is nobody whose data have been kept long enough."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Data to Anonymise"),
            "res_model": self._name,
            "res_id": review.id,
            "view_mode": "form",
        }

    def action_validate(self):
        self.check_access("write")
        if any(review.state != "draft" for review in self):
            raise UserError(self.env._("This list was validated already."))
        self.write({"state": "validated", "user_id": self.env.uid})
        self.activity_ids.action_feedback()
        self.env.ref("pope_crm.cron_anonymise").sudo()._trigger()  # sudo: crons belong to the system

    @api.model
    def _cron_anonymise(self):
        """Anonymise what was validated, a transaction a person: what a crash interrupts is done the next time."""
        Line = self.env["pope.retention.review.line"]
        while line := Line.search(Line._to_do_domain(), limit=1):
            line.with_context(lang=line.review_id.user_id.lang)._anonymise()
            remaining = Line.search_count(Line._to_do_domain())
            if not self.env["ir.cron"]._commit_progress(1, remaining=remaining):
                return
        self._close_done()

    @api.model
    def _close_done(self):
        for review in self.search([("state", "=", "validated")]):
            if not review.line_ids.filtered(lambda line: line.decision == "anonymise" and not line.is_done):
                review.state = "done"

    def action_retry(self):
        """What failed is tried again, once the reason is out of the way."""
        self.line_ids.filtered("error").error = False
        self.env.ref("pope_crm.cron_anonymise").sudo()._trigger()  # sudo: crons belong to the system


class RetentionReviewLine(models.Model):
    _name = "pope.retention.review.line"
    _description = "Person to Anonymise"
    _order = "date_last_contact, id"
    _rec_name = "partner_id"

    review_id = fields.Many2one("pope.retention.review", required=True, ondelete="cascade", index=True)
    state = fields.Selection(related="review_id.state")
    partner_id = fields.Many2one(
        "res.partner", string="Person", required=True, ondelete="restrict", index=True, readonly=True
    )
    rule_id = fields.Many2one("pope.retention.rule", string="Kind", ondelete="set null", readonly=True)
    date_last_contact = fields.Date(string="Last Contact", readonly=True, help="Empty: none is recorded.")
    date_known = fields.Date(string="Known Since", readonly=True)
    decision = fields.Selection([("anonymise", "Anonymise"), ("keep", "Keep")], required=True, default="anonymise")
    reason = fields.Char(string="Why Keep")
    is_done = fields.Boolean(string="Anonymised", readonly=True)
    error = fields.Char(string="Not Possible", readonly=True)

    def write(self, vals):
        if {"decision", "reason"}.intersection(vals) and any(line.is_done for line in self):
            raise UserError(self.env._("A person who was anonymised cannot be brought back."))
        return super().write(vals)

    @api.model
    def _to_do_domain(self):
        return [
            ("review_id.state", "=", "validated"),
            ("decision", "=", "anonymise"),
            ("is_done", "=", False),
            ("error", "=", False),
        ]

    @api.private
    def _anonymise(self):
        """Do what was decided, unless the person came back since, and note why when it cannot be done."""
        self.ensure_one()
        last = self.partner_id.pope_last_contact
        if last and last >= self.review_id.date:
            self.write({"decision": "keep", "reason": self.env._("In contact again since the list was made.")})
            return
        try:
            with self.env.cr.savepoint():
                self.partner_id._pope_anonymise()
                self.is_done = True
        except UserError as error:
            self.error = str(error)[:250]
        except Exception as error:  # one person's data must not keep the others' back
            _logger.exception("A person could not be anonymised")
            self.error = str(error)[:250]
