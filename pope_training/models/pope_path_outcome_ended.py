from odoo import api, fields, models
from odoo.fields import Domain


class LostReason(models.Model):
    """Whether people whose path ended for this reason are asked for news: the team's to choose."""

    _inherit = "crm.lost.reason"

    pope_ask_news = fields.Boolean(
        string="News Asked Afterwards",
        compute="_compute_pope_ask_news",
        store=True,
        readonly=False,
        help="Of people whose path ended so; who entered a qualifying training is asked whatever the reason.",
    )

    @api.depends("pope_outcome", "pope_for_paths")
    def _compute_pope_ask_news(self):
        """A reorientation is a success to be told; of who gave up, nothing is asked."""
        for reason in self:
            reason.pope_ask_news = reason.pope_for_paths and (reason.pope_outcome or "").startswith("reoriented")


class CrmLead(models.Model):
    _inherit = "crm.lead"

    pope_path_no_news = fields.Boolean(
        string="Does Not Wish to Give News",
        copy=False,
        tracking=True,
        help="This person is asked nothing at 6 and 12 months.",
    )

    @api.private
    def _pope_asks_news(self):
        """Whether this person is still asked what became of them."""
        self.ensure_one()
        if self.pope_path_no_news or self.partner_id.pope_anonymised_date:
            return False
        entered = any(training.date_entered for training in self.pope_path_training_ids)
        return self.active or entered or self.lost_reason_id.pope_ask_news

    def write(self, vals):
        result = super().write(vals)
        if "pope_path_no_news" in vals:
            self._pope_paths()._pope_replan_news()
        return result

    def _pope_lost(self):
        """What was to be asked left with the path, and is planned again for who is still asked."""
        result = super()._pope_lost()
        self._pope_paths()._pope_replan_news()
        return result

    def _pope_replan_news(self):
        # sudo: what is asked follows whoever ends a path, notes a training or a wish
        outcomes = self.sudo().pope_path_outcome_ids
        silent = outcomes.filtered(lambda outcome: not outcome.lead_id._pope_asks_news())
        waiting = silent.notification_ids.filtered(
            lambda row: row.state in ("planned", "to_approve", "queued") and not row.is_manual
        )
        waiting._cancel("closed")
        (outcomes - silent)._replan(upcoming=True)


class PathOutcome(models.Model):
    _inherit = "pope.path.outcome"

    is_awaited = fields.Boolean(
        string="Due and Not Answered",
        compute="_compute_is_awaited",
        search="_search_is_awaited",
        help="Its day has come, and the person is still asked what became of them.",
    )

    @api.depends(
        *("state", "date_due", "lead_id.pope_path_no_news", "lead_id.active", "lead_id.lost_reason_id.pope_ask_news"),
        "lead_id.pope_path_training_ids.date_entered",
    )
    def _compute_is_awaited(self):
        today = fields.Date.context_today(self)
        for outcome in self:
            due = outcome.state == "planned" and outcome.date_due and outcome.date_due <= today
            outcome.is_awaited = bool(due and outcome.lead_id._pope_asks_news())

    def _search_is_awaited(self, operator, value):
        if operator != "in":
            return NotImplemented
        asked = Domain.OR(
            [
                Domain("lead_id.active", "=", True),
                Domain("lead_id.lost_reason_id.pope_ask_news", "=", True),
                Domain("lead_id.pope_path_training_ids.date_entered", "!=", False),
            ]
        )
        due = Domain("state", "=", "planned") & Domain("date_due", "<=", fields.Date.context_today(self))
        return due & Domain("lead_id.pope_path_no_news", "=", False) & asked


class PathTraining(models.Model):
    _inherit = "pope.path.training"

    def _move_paths(self):
        """Who enters a training after their path ended is asked, too."""
        result = super()._move_paths()
        self.lead_id.filtered(lambda lead: not lead.active)._pope_replan_news()
        return result


class Notification(models.Model):
    _inherit = "pope.notification"

    def _outlives_closing(self):
        return super()._outlives_closing() or bool(self.outcome_id and self.lead_id._pope_asks_news())
