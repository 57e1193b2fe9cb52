from odoo import api, fields, models
from odoo.exceptions import AccessError

SETTINGS = (
    "morning_from",
    "morning_to",
    "afternoon_from",
    "afternoon_to",
    "evening_from",
    "evening_to",
    "catalogue_public",
    "enrolment_public",
    "complaint_public",
    "acknowledge_days",
    "answer_days",
    "declaration_number",
    "declaration_region",
    "signatory_id",
    "signatory_title",
    "stamp",
    "mediator_name",
    "mediator_address",
    "mediator_website",
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
    complaint_public = fields.Boolean(
        string="Public Complaint Page",
        help="Anybody may then write what did not go well; it arrives in “Complaints”.",
        **_setting("complaint_public"),
    )
    acknowledge_days = fields.Integer(string="Days to Acknowledge a Complaint", **_setting("acknowledge_days"))
    answer_days = fields.Integer(string="Days to Answer", **_setting("answer_days"))
    complaint_url = fields.Char(string="Address of the Page", compute="_compute_complaint_url")

    @api.depends("company_id")
    def _compute_complaint_url(self):
        for settings in self:
            settings.complaint_url = f"{settings.get_base_url()}/pope/reclamation/{settings.company_id.id}"

    declaration_number = fields.Char(string="Number of Declaration of Activity (NDA)", **_setting("declaration_number"))
    declaration_region = fields.Char(string="Region of the Declaration", **_setting("declaration_region"))
    signatory_id = fields.Many2one(
        "res.partner", string="Who Signs the Documents", ondelete="cascade", **_setting("signatory_id")
    )
    signatory_title = fields.Char(string="Position of Who Signs", **_setting("signatory_title"))
    stamp = fields.Binary(string="Stamp and Signature", **_setting("stamp"))
    mediator_name = fields.Char(
        string="Consumer Mediator",
        help="Named in the contracts of those who pay for themselves (C. conso., L616-1).",
        **_setting("mediator_name"),
    )
    mediator_address = fields.Char(string="Address of the Mediator", **_setting("mediator_address"))
    mediator_website = fields.Char(string="Web Site of the Mediator", **_setting("mediator_website"))

    def _names(self):
        return SETTINGS

    def action_save(self):
        self.ensure_one()
        if self.company_id not in self.env.companies:
            raise AccessError(self.env._("Choose this company at the top of the screen first."))
        # sudo: these settings belong to the pole's manager, the rest of the company to its administrator
        self.company_id.sudo().write(
            {f"pope_{name}": self._fields[name].convert_to_write(self[name], self) for name in self._names()}
        )
