from odoo import models
from odoo.tools import format_date

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
            (self.env._("SIRET or SIREN"), applicant.company_registry),
            (self.env._("Address"), address),
            (self.env._("Phone"), applicant.phone),
            (self.env._("E-mail Address"), applicant.email),
            (self.env._("Website"), applicant.website),
            (self.env._("Person in charge of the file"), self.user_id.name),
            (self.env._("Phone of the person in charge"), self.user_id.phone),
            (self.env._("E-mail of the person in charge"), self.user_id.email),
        ]
        return [{"label": label, "value": value or ""} for label, value in rows]

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
        return [{"label": label, "value": value or ""} for label, value in rows]

    def _sheet_project(self):
        days = [format_date(self.env, day) for day in (self.date_from, self.date_to) if day]
        rows = [
            (self.env._("Title"), self.name),
            *((self._fields[name]._description_string(self.env), self[name]) for name in self._sheet_texts()),
            (self.env._("Dates"), " – ".join(days)),
        ]
        return [{"label": label, "value": value or ""} for label, value in rows]

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
