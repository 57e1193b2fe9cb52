from datetime import datetime, time

from odoo import fields, models
from odoo.tools import format_date

from .ir_attachment import XLSX
from .pope_financial_summary import YEARS


class FinancialSummary(models.Model):
    """The workbook of a summary: its words and its figures, laid out by a writer that reads nothing."""

    _inherit = "pope.financial.summary"

    def _workbook_writers(self):
        """Writer of each kind of summary, by its code."""
        return {}

    def _workbook_name(self):
        return f"{self.name.replace('/', '-')}.xlsx"

    def _create_workbook(self, name, content):
        return self.env["ir.attachment"].create(
            {"name": name, "raw": content, "mimetype": XLSX, "res_model": self._name, "res_id": self.id}
        )

    def _provisional_workbook(self):
        """One file a summary, renewed at each download."""
        self.invalidate_recordset(["live_figures"])
        title = self.name.replace("/", "-")
        name = self.env._("%(title)s (provisional).xlsx", title=title)
        content = self._render_xlsx(self._figures())
        attachment = self.env["ir.attachment"].search(
            [("res_model", "=", self._name), ("res_id", "=", self.id), ("name", "=", name)], limit=1
        )
        if attachment:
            attachment.raw = content
            return attachment
        return self._create_workbook(name, content)

    def _render_xlsx(self, figures, frozen_on=None):
        self.ensure_one()
        return self._workbook_writers()[self.kind](self._workbook_data(figures, frozen_on or self.frozen_date))

    def _workbook_data(self, figures, frozen_on=None):
        """What every workbook says at its head, in the reader's language, as plain data. Each kind adds its sheets."""
        symbol = self.currency_id.symbol
        period = self.env._(
            "From %(start)s to %(end)s",
            start=format_date(self.env, self.date_from),
            end=format_date(self.env, self.date_to),
        )
        if frozen_on:
            day = format_date(self.env, fields.Datetime.context_timestamp(self, frozen_on).date())
            status = self.env._("Frozen on %(day)s", day=day)
        else:
            status = self.env._("Provisional: the books may still change")
        return {
            # the same data gives the same bytes
            "created": datetime.combine(self.date_to, time.min),
            "company": self.company_id.name,
            "title": self.name,
            "period": period,
            "status": status,
            "source": " · ".join(words for words, _warnings in self._source_words(figures)),
            "currency_format": f'#,##0.00 "{symbol}";[Red]-#,##0.00 "{symbol}"',
            "date_format": "dd/mm/yyyy",
        }

    def _workbook_statement(self, figures):
        this_year, last_year = (self._year_label(*period) for period in self._periods())
        return {
            "sheet": self.env._("Income statement"),
            "columns": [
                self.env._("Account"),
                self.env._("Line"),
                self.env._("Actual %(year)s", year=last_year),
                self.env._("Budget %(year)s", year=this_year),
                self.env._("Actual %(year)s", year=this_year),
                self.env._("Variance"),
                self.env._("Variance (%)"),
                self.env._("Comment"),
            ],
            "has_budget": figures["compared"] == "budget",
            "missing_comment": self.env._("Comment to write"),
            "rows": self._workbook_rows(figures),
        }

    def _line_names(self, figures):
        """Names in the reader's language, by code; what was frozen keeps its own when the line is gone."""
        lines = self.env["pope.summary.line"].browse(row["line_id"] for row in figures["rows"]).exists()
        names = {line.id: line.name for line in lines}
        return {row["code"]: names.get(row["line_id"], row["name"]) for row in figures["rows"]}

    def _workbook_rows(self, figures):
        shown = [row for row in figures["rows"] if row["shown"]]
        codes, names, comments = {row["code"] for row in shown}, self._line_names(figures), self._comments()
        return [
            {
                "code": row["code"],
                "account": row.get("account", "") if row["kind"] in ("line", "class") else "",
                "label": names[row["code"]],
                "heading": row["heading"],
                "last_year": row["last_year"],
                "budget": row.get("budget", 0.0),
                "this_year": row["this_year"],
                "variance": row.get("variance", self.currency_id.round(row["this_year"] - row["last_year"])),
                "rate": row.get("rate"),
                "comment": comments.get(row["code"], ""),
                "asked": row.get("asked", False),
                "plus": [code for code in row["plus"] if code in codes],
                "minus": [code for code in row["minus"] if code in codes],
            }
            for row in shown
        ]

    def _workbook_signature(self):
        return {
            "title": self.env._("Certified exact"),
            "rows": [
                (self.env._("Name"), self.signer_name or ""),
                (self.env._("Capacity"), self.signer_capacity or ""),
                (self.env._("Done at, on"), ""),
            ],
            "place": self.env._("Signature"),
        }

    def _source_words(self, figures):
        """Which books tell each year, in a sentence, and what to know of them.

        :return: a list of (sentence, list of warnings)
        """
        told = []
        statuses = dict(self.env["pope.books"]._fields["status"]._description_selection(self.env))
        for year, period in zip(YEARS, self._periods(), strict=True):
            source = (figures.get("sources") or {}).get(year)
            if source:
                told.append(self._words_of_source(source, self._year_label(*period), statuses))
        return told

    def _words_of_source(self, source, year, statuses):
        status = statuses[source["status"]].lower()
        if source["status"] == "approved":
            day = format_date(self.env, source["date_approved"])
            status = self.env._("approved by the general meeting on %(day)s", day=day)
        if source["kind"] == "items":
            words = self.env._("%(year)s: entries of Odoo, %(status)s", year=year, status=status)
        else:
            files = ", ".join(book["file"] for book in source["books"])
            words = self.env._(
                "%(year)s: imported books (%(files)s), %(status)s", year=year, files=files, status=status
            )
        warnings = []
        if source["beside"]:
            warnings.append(
                self.env._(
                    "Odoo also holds posted journal items in this period (%(count)s): the imported books are counted,"
                    " not these.",
                    count=source["beside"],
                )
            )
        if source["partial"]:
            warnings.append(self.env._("Imported books tell a part of this period only: they are not counted."))
        return words, warnings

    def _control_words(self, control, figures=None):
        """What a control compares, and where its figures come from."""
        source = ((figures or self._figures()).get("sources") or {}).get(control["year"]) or {}
        from_books = source.get("kind") == "books"
        year = self._year_label(*self._periods()[0 if control["year"] == "this_year" else 1])
        return {
            "expense": (
                self.env._("Total of charges %(year)s", year=year),
                self.env._("Imported books, accounts that begin with 6")
                if from_books
                else self.env._("Posted journal items, accounts that begin with 6"),
            ),
            "income": (
                self.env._("Total of income %(year)s", year=year),
                self.env._("Imported books, accounts that begin with 7")
                if from_books
                else self.env._("Posted journal items, accounts that begin with 7"),
            ),
            "result": (
                self.env._("Result %(year)s: income less charges", year=year),
                self.env._("Imported books, change of accounts 6 and 7")
                if from_books
                else self.env._("Posted journal items, change of accounts 6 and 7"),
            ),
            "grants": (
                self.env._("Grants awarded to the association"),
                self.env._("Funding files: received and left to receive"),
            ),
            "in_kind": (
                self.env._("Contributions in kind %(year)s: uses and resources", year=year),
                self.env._("Imported books, accounts 86 beside accounts 87")
                if from_books
                else self.env._("Posted journal items, accounts 86 beside accounts 87"),
            ),
        }[control["check"]]

    def _workbook_controls(self, figures):
        rows = []
        for control in figures["controls"]:
            label, source = self._control_words(control, figures)
            rows.append(
                {
                    "label": label,
                    "key": (control["code"], control["year"]),
                    "statement": control["statement"],
                    "ledger": control["ledger"],
                    "difference": self.currency_id.round(control["statement"] - control["ledger"]),
                    "ok": control["ok"],
                    "verdict": self.env._("Right") if control["ok"] else self.env._("To check"),
                    "source": source,
                }
            )
        missing = [row["name"] for row in figures["rows"] if row["missing"]]
        warnings = [warning for _words, warnings in self._source_words(figures) for warning in warnings]
        notes = [
            *warnings,
            self.env._("Draft entries of the period, not counted: %(count)s", count=figures["drafts"]),
        ]
        if missing:
            notes.append(self.env._("To be detailed: %(lines)s", lines=", ".join(missing)))
        return {
            "sheet": self.env._("Controls"),
            "columns": [
                self.env._("Control"),
                self.env._("Statement"),
                self.env._("Source total"),
                self.env._("Difference"),
                self.env._("Verdict"),
                self.env._("Source"),
            ],
            "rows": rows,
            "accounts": {
                "title": self.env._("Accounts that no line takes (debit less credit)"),
                "columns": [
                    self.env._("Account"),
                    self._year_label(*self._periods()[0]),
                    self._year_label(*self._periods()[1]),
                ],
                "rows": [
                    (f"{account['code']} {account['name']}", float(account["this_year"]), float(account["last_year"]))
                    for account in figures["unmapped"]
                ],
            },
            "notes": notes,
        }
