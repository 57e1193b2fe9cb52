from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class FinancialSummaryComment(models.Model):
    """Why a line of a summary is far from what was planned."""

    _name = "pope.financial.summary.comment"
    _description = "Comment on a Line of a Summary"
    _order = "summary_id, sequence, id"
    _rec_name = "line_id"

    summary_id = fields.Many2one("pope.financial.summary", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="summary_id.company_id", store=True)
    line_id = fields.Many2one("pope.summary.line", required=True, ondelete="restrict", index=True)
    sequence = fields.Integer(related="line_id.sequence", store=True)
    text = fields.Text(string="Comment", required=True)

    _once = models.UniqueIndex("(summary_id, line_id)", "This line has its comment: complete it.")

    @api.constrains("summary_id", "line_id", "text")
    def _check_draft(self):
        if "frozen" in self.summary_id.mapped("state"):
            raise ValidationError(self.env._("This summary is frozen: what it says is kept as it was sent."))

    def write(self, vals):
        """What a frozen summary says does not leave it for another one: a rule sees only where it comes."""
        if "summary_id" in vals:
            self._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_frozen(self):
        if "frozen" in self.summary_id.mapped("state"):
            raise UserError(self.env._("This summary is frozen: what it says is kept as it was sent."))


class FinancialSummary(models.Model):
    """What is far from its budget, or from last year, asks for a comment before the summary is frozen."""

    _inherit = "pope.financial.summary"

    comment_ids = fields.One2many("pope.financial.summary.comment", "summary_id", string="Comments", copy=True)
    missing_comment_count = fields.Integer(string="Comments to Write", compute="_compute_missing_comment_count")

    @api.depends("live_figures", "frozen_figures", "state", "comment_ids.text")
    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_missing_comment_count(self):
        for summary in self:
            summary.missing_comment_count = len(summary._missing_comments(summary._figures()))

    def _comments(self):
        """Text of each comment, by the code of its line."""
        return {comment.line_id.code: comment.text for comment in self.comment_ids if comment.text}

    def _missing_comments(self, figures):
        """Names of the lines that ask for a comment and have none."""
        comments = self._comments()
        return [row["name"] for row in figures["rows"] if row.get("asked") and row["code"] not in comments]

    def _check_comments(self, figures):
        if missing := self._missing_comments(figures):
            raise UserError(
                self.env._(
                    "Say first why these lines are more than 10 %% away from what they are compared with: %(lines)s.",
                    lines=", ".join(missing),
                )
            )


class FinancialSummaryRow(models.Model):
    _inherit = "pope.financial.summary.row"

    def action_comment(self):
        """The comment of this line, to write or to complete."""
        self.ensure_one()
        comment = self.summary_id.comment_ids.filtered(lambda comment: comment.line_id == self.line_id)
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "pope.financial.summary.comment",
            "res_id": comment.id,
            "views": [(self.env.ref("pope_crm.pope_financial_summary_comment_view_form").id, "form")],
            "target": "new",
            "context": {"default_summary_id": self.summary_id.id, "default_line_id": self.line_id.id},
        }
