from odoo import api, fields, models
from odoo.exceptions import AccessError


class Applicant(models.TransientModel):
    """What forms ask about the pole's association, for a manager who administers no company."""

    _name = "pope.applicant"
    _description = "The Association, for Forms"
    _inherit = ["pope.applicant.mixin"]

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, default=lambda self: self.env.company, ondelete="cascade"
    )

    @api.model
    def _answers(self):
        return list(self.env["pope.applicant.mixin"]._fields.keys() - models.MAGIC_COLUMNS - {"display_name"})

    @api.model
    def default_get(self, fields):
        asked = set(self._answers()).intersection(fields)
        return super().default_get(fields) | self._values_of(self.env.company, asked)

    @api.model
    def _values_of(self, record, names):
        return {name: self._fields[name].convert_to_write(record[name], record) for name in names}

    def action_save(self):
        self.ensure_one()
        if self.company_id not in self.env.companies:
            raise AccessError(self.env._("Choose this company at the top of the screen first."))
        # sudo: these answers are the pole's to give, the rest of the company its administrator's
        self.company_id.sudo().write(self._values_of(self, self._answers()))
