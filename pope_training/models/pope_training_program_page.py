from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    pope_catalogue_public = fields.Boolean(string="Public Catalogue")


class TrainingProgram(models.Model):
    """What strangers see of the catalogue, where its company opened it."""

    _inherit = "pope.training.program"

    public_url = fields.Char(string="Public Page", compute="_compute_public_url")

    @api.depends("is_public", "version_ids", "company_id")
    @api.depends_context("company")
    def _compute_public_url(self):
        for program in self:
            # sudo: whether the page is open is a setting of the company
            company = (program.company_id or self.env.company).sudo()
            shown = company.pope_catalogue_public and program.is_public and program.version_ids
            path = f"/pope/formations/{company.id}/{program._origin.id}"
            program.public_url = shown and f"{program.get_base_url()}{path}"

    @api.model
    @api.private
    def _public_company(self, company_id):
        """The company whose catalogue is open, or none."""
        # sudo: visitors read whose page it is
        company = self.env["res.company"].sudo().browse(company_id).exists()
        return company.filtered("pope_catalogue_public")

    @api.model
    @api.private
    def _published(self, company):
        """The programmes of the page: those of the company, as they were published last."""
        domain = [
            ("company_id", "in", (company.id, False)),
            ("is_public", "=", True),
            ("version_ids", "!=", False),
        ]
        # sudo: visitors read what is published, and nothing else
        return self.sudo().search(domain)

    @api.private
    def _public_sessions(self, company):
        """The sessions to come that anybody may join.

        :return: dict programme → sessions
        """
        # sudo: as above
        events = self.env["event.event"].sudo()
        sessions = events.search(
            [
                ("pope_kind", "=", "training"),
                ("pope_session_type", "=", "inter"),
                ("pope_program_id", "in", self.ids),
                ("company_id", "=", company.id),
                ("date_begin", ">", self.env.cr.now()),
                ("kanban_state", "not in", ("cancel", "blocked")),
            ],
            order="date_begin, id",
        )
        return {self.browse(program.id): group for program, group in sessions.grouped("pope_program_id").items()}

    @api.private
    def _public_team(self, company):
        """The team that reads what people ask on the page; none while the form is closed."""
        teams = self.env["crm.team"]
        if company.pope_enrolment_public:
            teams = teams._pope_door_teams().filtered(lambda team: team.company_id == company)
        return teams[:1]
