from odoo import models
from odoo.fields import Command
from odoo.tools import formatLang

from ..xlsx import cerfa_form
from .pope_financial_summary_cerfa import CERFA, TEXTS


class FinancialSummary(models.Model):
    """The financial report on paper, in its workbook, and on its way to the funder."""

    _inherit = "pope.financial.summary"

    def _cerfa_data(self, figures=None):
        """Everything the form says, in the reader's language, as plain data."""
        self.ensure_one()
        figures = figures or self._figures()
        return {
            "title": self.env._("Financial report of the grant (Cerfa 15059)"),
            "subject": self.name,
            "applicant": self.funding_id._applicant().name or self.company_id.name,
            "funding": self._cerfa_funding(),
            "texts": self._cerfa_texts(figures),
            "columns": [self.env._("Planned amount"), self.env._("Actual amount")],
            "share": "%",
            "sides": [self.env._("Charges"), self.env._("Income")],
            "blocks": figures["form"],
            "total": self.env._("Total"),
            "sentence": " ".join(filter(None, (self._cerfa_sentence(figures), self._cerfa_part(figures)))),
            "indirect": [share for share in figures["shares"] if share["section"] == "expense"],
            "variances": self._cerfa_variances(figures),
            "signer": (self.signer_name or "", self.signer_capacity or ""),
        }

    def _cerfa_funding(self):
        """What the report is about: label and value."""
        funding = self.funding_id
        rows = (
            (self.env._("Funder"), funding.partner_id.name),
            (self.env._("Scheme"), funding.scheme_id.name),
            (self.env._("File number"), funding.file_number),
            (self.env._("Action"), funding.name),
        )
        return [(label, value) for label, value in rows if value]

    def _cerfa_texts(self, figures):
        """The parts in words, in the order of the form: title and text."""
        texts = figures["texts"]
        told = [(self._fields[name]._description_string(self.env), texts.get(name) or "") for name in TEXTS]
        return [*told, (self.env._("Observations"), texts.get("notes") or "")]

    def _cerfa_sentence(self, figures):
        income = figures["form"][0]["right"][-1]["amounts"][1] if figures["form"] else 0
        asked = round(figures["asked"])
        if not income or not asked:
            return ""
        return self.env._(
            "The grant, %(amount)s €, is %(share)s %% of the total of income.",
            amount=f"{asked:,}".replace(",", "\N{NARROW NO-BREAK SPACE}"),
            share=f"{100 * asked / income:.1f}".replace(".", ","),
        )

    def _cerfa_part(self, figures):
        part = figures.get("part", 1.0)
        return "" if part == 1.0 else self._part_words(part)

    def _cerfa_variances(self, figures):
        """Lines that ask for an explanation, with it: name, planned, done, comment."""
        comments = self._comments()
        return [
            (row["name"], row["budget"], row["this_year"], comments.get(row["code"], ""))
            for row in figures["rows"]
            if row.get("asked") or row["code"] in comments
        ]

    # --- Workbook ---

    def _workbook_writers(self):
        return super()._workbook_writers() | {CERFA: cerfa_form.write}

    def _workbook_data(self, figures, frozen_on=None):
        data = super()._workbook_data(figures, frozen_on)
        if self.kind != CERFA:
            return data
        report = self._cerfa_data(figures)
        texts = [
            *report["funding"],
            *report["texts"],
            *((f"{share['line']} – {share['name']}", self._share_words(share)) for share in report["indirect"]),
            *((name, comment) for name, _planned, _done, comment in report["variances"]),
            (self.env._("Certified exact"), ", ".join(filter(None, report["signer"]))),
        ]
        controls = [
            (
                self._control_words(control, figures)[0],
                control["statement"],
                control["ledger"],
                self.env._("Right") if control["ok"] else self.env._("To check"),
                control["ok"],
            )
            for control in figures["controls"]
        ]
        return (
            data
            | report
            | {
                "sheet": self.env._("Financial report"),
                "texts_sheet": self.env._("Report in words"),
                "texts": texts,
                "controls": controls,
            }
        )

    def _share_words(self, share):
        """How a share of common charges was computed."""

        def money(amount):
            return formatLang(self.env, amount, currency_obj=self.currency_id)

        if share["base"] and share["share"]:
            return self.env._(
                "%(amount)s = %(share)s %% of %(base)s. Key: %(rule)s",
                amount=money(share["amount"]),
                share=f"{share['share']:g}".replace(".", ","),
                base=money(share["base"]),
                rule=share["rule"],
            )
        return self.env._("%(amount)s. Key: %(rule)s", amount=money(share["amount"]), rule=share["rule"])

    # --- Sending ---

    def _check_comments(self, figures):
        """A share of common charges has its key, beside what the other summaries ask."""
        if self.kind == CERFA:
            self._check_rules(figures)
        return super()._check_comments(figures)

    def _report_xmlid(self):
        return "pope_crm.action_report_cerfa_15059" if self.kind == CERFA else super()._report_xmlid()

    def action_send(self):
        """A mail to the funder with the report: sent, the obligation of the file is done."""
        self.ensure_one()
        if self.kind != CERFA:
            return super().action_send()
        self._check_frozen()
        files = self._cerfa_files()
        obligation = self.obligation_id
        if not obligation:
            action = self.funding_id._compose(obligation)
            action["context"]["default_attachment_ids"] = files.ids
            return action
        obligation.attachment_ids = [Command.link(file.id) for file in files]
        return obligation.action_send()

    def _cerfa_files(self):
        """The frozen workbook and the form to read, as the obligation keeps them; copied once."""
        kept = self.attachment_id + self.paper_id
        known = self.obligation_id.attachment_ids.filtered(lambda file: file.name in kept.mapped("name"))
        if len(known) >= len(kept):
            return known
        owner = {"res_model": "pope.funding", "res_id": self.funding_id.id}
        return self.env["ir.attachment"].union(*(file.copy(owner) for file in kept))
