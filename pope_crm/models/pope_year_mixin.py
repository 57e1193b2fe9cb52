from odoo import api, fields, models
from odoo.exceptions import ValidationError


class YearMixin(models.AbstractModel):
    """A contact's year with the pole, told once: a Python rule, since a contact merge must not fail on it."""

    _name = "pope.year.mixin"
    _description = "Year of a Contact"
    _order = "year desc, partner_id, id"
    _rec_name = "partner_id"
    _check_company_auto = True
    _role = None  # XML id of the role that the contact then has

    partner_id = fields.Many2one("res.partner", required=True, ondelete="restrict", index=True, check_company=True)
    year = fields.Integer(
        required=True, default=lambda self: fields.Date.context_today(self).year, index=True, aggregator=None
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True, ondelete="restrict"
    )

    @api.depends("partner_id", "year")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.partner_id.display_name or ''} {row.year or ''}".strip()

    @api.constrains("year")
    def _check_year(self):
        if any(not 1901 <= row.year <= 2999 for row in self):
            raise ValidationError(self.env._("Write the year with its four figures."))

    @api.constrains("partner_id", "year", "company_id")
    def _check_once(self):
        repeated = self._read_group(
            [
                *self._once_domain(),
                ("partner_id", "in", self.partner_id.ids),
                ("year", "in", self.mapped("year")),
                ("company_id", "in", self.company_id.ids),
            ],
            ["partner_id", "year", "company_id"],
            having=[("__count", ">", 1)],
        )
        for partner, year, _company in repeated:
            raise ValidationError(
                self.env._("%(name)s is in the list of %(year)s already.", name=partner.display_name, year=str(year))
            )

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._give_role()
        return rows

    def write(self, vals):
        result = super().write(vals)
        if "partner_id" in vals:
            self._give_role()
        return result

    @api.model
    def _once_domain(self):
        """Which rows count as one."""
        return []

    def _give_role(self):
        role = self.env.ref(self._role, raise_if_not_found=False)
        if role and (newcomers := self.partner_id.filtered(lambda partner: role not in partner.pope_role_ids)):
            newcomers.write({"pope_role_ids": [fields.Command.link(role.id)]})

    @api.private
    def _fuse(self):
        """The contacts of these rows were merged: a year is told once, and says what each of them said."""
        for rows in (
            self.filtered_domain(self._once_domain())
            .sorted("id")
            .grouped(lambda row: (row.company_id, row.partner_id, row.year))
            .values()
        ):
            if len(rows) > 1:
                rows._join()

    def _join(self):
        """Keep one of these rows, which holds what all of them held."""
        raise NotImplementedError
