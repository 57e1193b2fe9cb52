from odoo import api, fields, models


class TrainingNsf(models.Model):
    """What a training is about, in the national list of specialities that the training and financial return asks."""

    _name = "pope.training.nsf"
    _description = "Training Speciality (NSF)"
    _order = "code"

    code = fields.Char(required=True)
    name = fields.Char(required=True)

    _code_unique = models.UniqueIndex("(code)", "This speciality is in the list already.")

    @api.depends("code", "name")
    def _compute_display_name(self):
        for nsf in self:
            nsf.display_name = f"{nsf.code} – {nsf.name}"
