from odoo import fields, models
from odoo.exceptions import AccessError

SETTINGS = (
    "morning_from",
    "morning_to",
    "afternoon_from",
    "afternoon_to",
    "evening_from",
    "evening_to",
    "catalogue_public",
    "exemption_date",
    "training_product_id",
    "training_account_id",
)


def _setting(name, **attributes):
    return {"default": lambda self: self.env.company[f"pope_{name}"], **attributes}


class TrainingSettings(models.TransientModel):
    """The usual hours of a company's trainings, for a manager who administers no company."""

    _name = "pope.training.settings"
    _description = "Training Settings"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, default=lambda self: self.env.company, ondelete="cascade"
    )
    morning_from = fields.Float(string="Mornings From", **_setting("morning_from"))
    morning_to = fields.Float(string="Mornings Until", **_setting("morning_to"))
    afternoon_from = fields.Float(string="Afternoons From", **_setting("afternoon_from"))
    afternoon_to = fields.Float(string="Afternoons Until", **_setting("afternoon_to"))
    evening_from = fields.Float(string="Evenings From", **_setting("evening_from"))
    evening_to = fields.Float(string="Evenings Until", **_setting("evening_to"))
    catalogue_public = fields.Boolean(
        string="Public Catalogue",
        help="Anybody may then read the published programmes and their next sessions.",
        **_setting("catalogue_public"),
    )
    enrolment_public = fields.Boolean(
        string="Public Enrolment Form",
        help="Under each programme of the public catalogue; what people ask arrives in “To Sort”.",
        **_setting("enrolment_public"),
    )
    exemption_date = fields.Date(
        string="Exempt from VAT Since",
        help="Date of the attestation n° 3511: trainings are then exempt from VAT (CGI, article 261, 4, 4° a).",
        **_setting("exemption_date"),
    )
    training_product_id = fields.Many2one(
        "product.product",
        string="Product of Trainings",
        ondelete="cascade",
        check_company=True,
        **_setting("training_product_id"),
    )
    training_account_id = fields.Many2one(
        "account.account",
        string="Income Account of Trainings",
        ondelete="cascade",
        check_company=True,
        domain=[("account_type", "=", "income")],
        **_setting("training_account_id"),
    )

    def action_save(self):
        self.ensure_one()
        if self.company_id not in self.env.companies:
            raise AccessError(self.env._("Choose this company at the top of the screen first."))
        # sudo: these settings belong to the pole's manager, the rest of the company to its administrator
        self.company_id.sudo().write(
            {f"pope_{name}": self._fields[name].convert_to_write(self[name], self) for name in SETTINGS}
        )
