from odoo import api, fields, models

SCALE = [("1", "1"), ("2", "2"), ("3", "3"), ("4", "4")]


class QualityRisk(models.Model):
    """What could go wrong with the quality of the trainings, and what is done about it.

    Décret 2026-728, RNQ indicator 32: the analysis of risks, from 1 November 2026.
    """

    _name = "pope.quality.risk"
    _description = "Risk for Quality"
    _inherit = ["mail.thread", "pope.reminder.mixin"]
    _order = "score desc, id"
    _check_company_auto = True

    name = fields.Char(string="Risk", required=True, tracking=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    user_id = fields.Many2one("res.users", string="Person in Charge", default=lambda self: self.env.user)
    cause = fields.Text()
    severity = fields.Selection(SCALE, required=True, default="2", tracking=True, help="1: slight, 4: very serious.")
    likelihood = fields.Selection(SCALE, required=True, default="2", tracking=True, help="1: rare, 4: nearly certain.")
    score = fields.Integer(compute="_compute_score", store=True, help="Severity × likelihood, out of 16.")
    measure = fields.Text(string="What Is Done against It")
    date_review = fields.Date(string="Next Review", tracking=True)
    action_ids = fields.One2many("pope.quality.action", "risk_id", string="Actions")

    @api.depends("severity", "likelihood")
    def _compute_score(self):
        for risk in self:
            risk.score = int(risk.severity) * int(risk.likelihood)

    @api.model
    def _due_field(self):
        return "date_review"

    @api.model
    def _open_domain(self):
        return [("date_review", "!=", False)]

    @api.model
    def _due_activity_type(self):
        return self.env.ref("pope_training.activity_type_quality")
