from odoo import api, models, tools
from odoo.tools import frozendict


class IrModelFields(models.Model):
    """Odoo lists the words of all fields of a model again for each field that it describes: with our fields on contacts
    and leads, each opening of a sales screen would pay for it. The same words are kept, as long as what they come from.
    """

    _inherit = "ir.model.fields"

    @api.model
    @tools.ormcache("model_name", "self.env.lang", cache="stable")
    def get_field_string(self, model_name):
        return frozendict(super().get_field_string(model_name))

    @api.model
    @tools.ormcache("model_name", "self.env.lang", cache="stable")
    def get_field_help(self, model_name):
        return frozendict(super().get_field_help(model_name))
