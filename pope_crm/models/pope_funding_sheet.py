from odoo import fields, models
from odoo.tools import format_date, formatLang

SECTIONS = ("expense", "in_kind_expense", "income", "in_kind_income")


class Funding(models.Model):
    """What to copy into the funder's form, in the order of Cerfa 12156."""

    _inherit = "pope.funding"

    def _sheet(self):
        """The form's answers as plain data.

        :return: list of sections: dict title, rows; a row is a dict label, value and code, is_total on the lines of
            the budget
        """
        self.ensure_one()
        sections = [
            (self.env._("1. The applicant"), self._sheet_applicant()),
            *self._sheet_association(),
            (self.env._("6. The request"), self._sheet_request()),
            (self.env._("6. The project"), self._sheet_project()),
            *((title, rows) for title, rows in self._sheet_budget()),
        ]
        return [
            {"title": title, "rows": [{"code": False, "is_total": False, **row} for row in rows]}
            for title, rows in sections
            if rows
        ]

    def _applicant(self):
        """Who asks: the childminder, the association of the project, or the pole."""
        return (
            self.person_id
            or self.lead_id.pope_association_id
            or (self.lead_id.partner_id if self.lead_id else self.company_id.partner_id)
        )

    def _sheet_applicant(self):
        applicant = self._applicant()
        address = ", ".join(
            filter(
                None,
                (applicant.street, applicant.street2, " ".join(filter(None, (applicant.zip, applicant.city)))),
            )
        )
        rows = [
            (self.env._("Name"), applicant.name),
            (self.env._("Website"), applicant.website),
            (self.env._("SIRET or SIREN"), applicant.company_registry),
            *self._sheet_identity(),
            (self.env._("Address"), address),
            (self.env._("Phone"), applicant.phone),
            (self.env._("E-mail Address"), applicant.email),
            *self._sheet_representative(),
            (self.env._("Person in charge of the file"), self.user_id.name),
            (self.env._("Phone of the person in charge"), self.user_id.phone),
            (self.env._("E-mail of the person in charge"), self.user_id.email),
        ]
        return self._sheet_rows(rows)

    def _sheet_rows(self, rows):
        return [{"label": label, "value": value or ""} for label, value in rows]

    def _sheet_identity(self):
        """What only an association has, known for the pole's; that of a project has the questions to answer."""
        if self.person_id:
            return []
        company = self.company_id if self.beneficiary == "pole" else self.env["res.company"]
        return [
            (self.env._("RNA number"), company.pope_rna),
            (
                self.env._("Date of publication in the Official Journal"),
                self._sheet_day(company.pope_date_published),
            ),
        ]

    def _sheet_representative(self):
        if self.person_id:
            return []
        person = self.company_id.pope_representative_id if self.beneficiary == "pole" else self.env["res.partner"]
        return [
            (self.env._("Legal representative"), person.name),
            (self.env._("Function of the representative"), person.function),
            (self.env._("Phone of the representative"), person.phone),
            (self.env._("E-mail of the representative"), person.email),
        ]

    def _sheet_association(self):
        """Parts 2 to 4, which the pole knows of itself alone: with administrations, with others, its people."""
        if self.beneficiary != "pole":
            return []
        return [
            (self.env._("2. Relations with the administration"), self._sheet_administration()),
            (self.env._("3. Relations with other associations"), self._sheet_networks()),
            (self.env._("4. Human means"), self._sheet_people()),
        ]

    def _sheet_administration(self):
        company, yes, no = self.company_id, self.env._("Yes"), self.env._("No")
        useful = company.pope_date_public_utility
        return self._sheet_rows(
            [
                (self.env._("Approvals"), company.pope_approvals),
                (self.env._("Recognised as of public utility"), yes if useful else no),
                *([(self.env._("Date of the recognition"), self._sheet_day(useful))] if useful else []),
                (self.env._("Subject to commercial taxes"), yes if company.pope_is_taxed else no),
            ]
        )

    def _sheet_networks(self):
        year = self._sheet_year()
        organisations = self.env["pope.membership"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("year", "=", year),
                ("state", "=", "paid"),
                ("partner_id.is_company", "=", True),
            ],
        )
        return self._sheet_rows(
            [
                (self.env._("Networks, unions or federations"), self.company_id.pope_networks),
                (
                    self.env._("Organisations that are members (%(year)s)", year=str(year)),
                    ", ".join(sorted(set(organisations.partner_id.mapped("name")))),
                ),
            ]
        )

    def _sheet_year(self):
        """The form asks for the people of 31 December of the year before the request."""
        return (self.date_filed or fields.Date.context_today(self)).year - 1

    def _sheet_people(self):
        company, year = self.company_id, self._sheet_year()
        volunteers, hours, members = self.env["pope.volunteer.time"]._counts(company, year)
        full_time = company.pope_full_time_hours
        return self._sheet_rows(
            [
                (self.env._("Volunteers (%(year)s)", year=str(year)), str(volunteers)),
                *(
                    [(self.env._("Volunteers in full-time equivalents"), self._sheet_number(hours / full_time))]
                    if full_time
                    else []
                ),
                (self.env._("Civic-service volunteers"), str(company.pope_civic_count)),
                (self.env._("Employees"), str(company.pope_employee_count)),
                (self.env._("Of them in subsidised jobs"), str(company.pope_subsidised_count)),
                (
                    self.env._("Employees in full-time equivalents"),
                    self._sheet_number(company.pope_employee_full_time),
                ),
                (self.env._("Members (%(year)s)", year=str(year)), str(members)),
            ]
        )

    def _sheet_number(self, number):
        return formatLang(self.env, number, digits=2)

    def _sheet_day(self, day):
        return day and format_date(self.env, day)

    def _sheet_request(self):
        years = self._financial_years()
        kinds = dict(self._fields["nature"]._description_selection(self.env))
        rows = [
            (
                self.env._("Form of the aid"),
                self.env._("In kind") if self.nature == "in_kind" else self.env._("In money"),
            ),
            (self.env._("Frequency"), self.env._("Renewal") if self.renewed_from_id else self.env._("First request")),
            (self.env._("Object of the request"), kinds.get(self.nature)),
            (self.env._("Period"), self.env._("Over several years") if len(years) > 1 else self.env._("Yearly")),
            (self.env._("Funder"), self.partner_id.name),
            (self.env._("Scheme"), self.scheme_id.name),
            (self.env._("File number"), self.file_number),
            (self.env._("Amount asked"), self._whole(self.amount_asked)),
        ]
        return self._sheet_rows(rows)

    def _sheet_project(self):
        days = [format_date(self.env, day) for day in (self.date_from, self.date_to) if day]
        rows = [
            (self.env._("Title"), self.name),
            *((self._fields[name]._description_string(self.env), self[name]) for name in self._sheet_texts()),
            (self.env._("Dates"), " – ".join(days)),
        ]
        return self._sheet_rows(rows)

    def _sheet_texts(self):
        return ("objectives", "description", "audience", "territory", "means", "evaluation")

    def _sheet_budget(self):
        """A section for each part of the budget, its classes added up, and what the grant is of the whole."""
        budget = self.budget_ids
        if not budget:
            return []
        lines = budget.line_ids
        kinds = dict(lines._fields["section"]._description_selection(self.env))
        told = []
        for section in SECTIONS:
            own = lines.filtered(lambda line, section=section: line.section == section and line.amount)
            if not own:
                continue
            rows, shown = [], self.env["pope.summary.line"]
            for line in own.sorted("sequence"):
                parent = line.parent_id
                if parent and parent not in shown:
                    shown |= parent
                    amount = sum(own.filtered(lambda other, parent=parent: other.parent_id == parent).mapped("amount"))
                    rows.append(self._sheet_amount(amount, parent.name, parent.code, is_total=True))
                label = " – ".join(filter(None, (line.line_id.name, line.note)))
                rows.append(self._sheet_amount(line.amount, label, line.code))
            rows.append(self._sheet_amount(sum(own.mapped("amount")), self.env._("Total"), is_total=True))
            told.append((self.env._("6 bis. Budget of the action: %(part)s", part=kinds[section]), rows))
        income = budget.total_income
        if income and self.amount_asked:
            told.append(
                (
                    self.env._("6 bis. The grant asked"),
                    [
                        self._sheet_amount(self.amount_asked, self.env._("Amount asked")),
                        {
                            "label": self.env._("Share of the total of income (%)"),
                            "value": str(round(100 * self.amount_asked / income)),
                        },
                    ],
                )
            )
        return told

    def _sheet_amount(self, amount, label, code=False, is_total=False):
        return {"label": label, "value": self._whole(amount), "code": code, "is_total": is_total}

    def _whole(self, amount):
        """The form takes no cents, and a portal no spaces."""
        return str(round(amount or 0.0))

    def action_sheet(self):
        """The sheet on the screen, a button to copy each answer."""
        self.ensure_one()
        sheet = self.env["pope.funding.sheet"].create({"funding_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Sheet to Copy"),
            "res_model": sheet._name,
            "res_id": sheet.id,
            "views": [(False, "form")],
        }
