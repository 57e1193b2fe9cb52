from odoo import api, fields, models, tools


class BpfForm(models.Model):
    """A version of the official form (Cerfa 10443): which lines it has, from which year on."""

    _name = "pope.bpf.form"
    _description = "Form of the Training and Financial Return"
    _order = "date_from desc"

    name = fields.Char(required=True)
    notice = fields.Char()
    date_from = fields.Date(string="For Years That End From", required=True)
    source = fields.Char()
    line_ids = fields.One2many("pope.bpf.form.line", "form_id", string="Lines")

    _once = models.UniqueIndex("(date_from)", "Another version begins on this day.")

    @api.private
    @tools.ormcache("self.id")
    def _parents(self):
        """The lines that each total adds up, by code; nobody writes an official form, an upgrade brings it."""
        parents = {}
        for line in self.line_ids:
            if line.parent_code:
                parents.setdefault(line.parent_code, []).append(line.code)
        return parents


class BpfFormLine(models.Model):
    """A line of the official form, in its own words."""

    _name = "pope.bpf.form.line"
    _description = "Line of the Form of the Return"
    _order = "form_id, sequence"

    form_id = fields.Many2one("pope.bpf.form", required=True, ondelete="cascade", index=True)
    sequence = fields.Integer(required=True)
    code = fields.Char(required=True)
    frame = fields.Char(required=True)
    number = fields.Char()
    name = fields.Char(required=True)
    kind = fields.Selection(
        [("amount", "Amount"), ("rate", "Percent"), ("people", "Number and Hours"), ("text", "Words")], required=True
    )
    parent_code = fields.Char(string="Part Of")
    note = fields.Char()

    _once = models.UniqueIndex("(form_id, code)", "This form has this line already.")
