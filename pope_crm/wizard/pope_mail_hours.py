from odoo import fields, models
from odoo.exceptions import AccessError


class MailHours(models.TransientModel):
    """When the automatic e-mails of a company may leave, for a manager who administers no company."""

    _name = "pope.mail.hours"
    _description = "Sending Hours"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, default=lambda self: self.env.company, ondelete="cascade"
    )
    days = fields.Selection(
        lambda self: self.env["res.company"]._fields["pope_mail_days"]._description_selection(self.env),
        required=True,
        default=lambda self: self.env.company.pope_mail_days,
    )
    from_hour = fields.Float(string="From", default=lambda self: self.env.company.pope_mail_from_hour)
    to_hour = fields.Float(string="Until", default=lambda self: self.env.company.pope_mail_to_hour)
    grace = fields.Integer(
        string="Minutes Before a Stage E-mail",
        default=lambda self: self.env.company.pope_mail_grace,
        help="Time to move a card back: an e-mail that has not left yet is then cancelled.",
    )

    def action_save(self):
        self.ensure_one()
        if self.company_id not in self.env.companies:
            raise AccessError(self.env._("Choose this company at the top of the screen first."))
        # sudo: these four settings belong to the pole's manager, the rest of the company to its administrator
        self.company_id.sudo().write(
            {
                "pope_mail_days": self.days,
                "pope_mail_from_hour": self.from_hour,
                "pope_mail_to_hour": self.to_hour,
                "pope_mail_grace": self.grace,
            }
        )
