from odoo import api, models
from odoo.exceptions import AccessError


class NeverTyped(models.AbstractModel):
    """Records whose money, hours and dates come from elsewhere: a client of the API could write what is only stored."""

    _name = "pope.never.typed"
    _description = "Records With Figures That Are Never Typed"

    @api.model_create_multi
    def create(self, vals_list):
        self._check_typed(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._check_typed([vals])
        return super().write(vals)

    @api.model
    def _check_typed(self, vals_list):
        if self.env.su:
            return
        for name in {name for vals in vals_list for name in vals}:
            field = self._fields.get(name)
            if field and field.store and field.compute and field.readonly and not (field.inverse or field.related):
                label = field._description_string(self.env)
                raise AccessError(self.env._("“%(field)s” is never typed: it comes from other records.", field=label))
