from odoo import api, fields, models


class StructureType(models.Model):
    """A kind of place, with the rules that a project of that kind must keep; every figure is the pole's to edit."""

    _name = "pope.structure.type"
    _description = "Structure Type"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Short and stable: used by summaries.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    permission = fields.Selection(
        [
            ("accreditation", "Accreditation of each childminder"),
            ("authorisation", "Opening authorisation of the place"),
            ("none", "Neither"),
        ],
        required=True,
        default="none",
    )
    places_max = fields.Integer(string="Places at Most", help="Children at the same time. 0: no limit.")
    holders_min = fields.Integer(default=1)
    holders_max = fields.Integer(help="0: no limit.")
    present_max = fields.Integer(string="Childminders at the Same Time", help="0: no limit.")
    authority_role_ids = fields.Many2many(
        "pope.partner.role",
        string="Authorities That Give an Opinion",
        domain=[("is_authority", "=", True)],
        help="A row is proposed for each of them on every project of this type.",
    )
    note = fields.Html(string="Rules and Sources", translate=True)

    _code_unique = models.UniqueIndex("(code)", "Another structure type has this code.")
    _figures_positive = models.Constraint(
        "CHECK (places_max >= 0 AND holders_min >= 0 AND holders_max >= 0 AND present_max >= 0)",
        "The rules of a structure type cannot be negative.",
    )

    @api.private
    def _breaches(self, places, holders, childminders=0):
        """What breaks the rules of this type, in the user's language.

        :param int places: children at the same time
        :param int holders: people who carry the project
        :param int childminders: childminders of the place, once open
        :return: list of sentences, empty when all is well
        """
        self.ensure_one()
        breaches = []
        if self.places_max and places > self.places_max:
            breaches.append(self.env._("%(type)s: %(max)s places at most.", type=self.name, max=self.places_max))
        people = max(holders, childminders)
        if self.holders_max and people > self.holders_max:
            breaches.append(self.env._("%(type)s: %(max)s holders at most.", type=self.name, max=self.holders_max))
        elif self.present_max and people > self.present_max:
            breaches.append(
                self.env._(
                    "%(type)s: %(max)s childminders at most at the same time.", type=self.name, max=self.present_max
                )
            )
        if people < self.holders_min:
            breaches.append(self.env._("%(type)s: at least %(min)s holders.", type=self.name, min=self.holders_min))
        return breaches
