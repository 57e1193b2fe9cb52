from odoo import models


class ResPartner(models.Model):
    """Papers that a person hands over."""

    _inherit = "res.partner"

    def pope_awaited_papers(self):
        """Where a photograph of a document can go: what their project awaits, of it and of them, then the person.

        :return: as that of a project
        """
        self.ensure_one()
        own = {"model": self._name, "id": self.id, "line": False, "detail": self.name}
        return [
            *self._pope_main_project().pope_awaited_papers(people=self),
            {**own, "title": self.env._("On the person")},
        ]
