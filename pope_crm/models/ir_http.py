from odoo import models
from odoo.http import request


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _dispatch(cls, endpoint):
        """Odoo hands what is typed behind an address to the page by name: `?self=1` would take the page's own place."""
        if all(route.startswith("/pope/") for route in endpoint.routing["routes"]):
            request.params.pop("self", None)
        return super()._dispatch(endpoint)
