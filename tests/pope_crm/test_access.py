"""Who may see and do what with the records of pope_crm; others see nothing of ours and keep what they had."""

import base64
import contextlib

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.http import _generate_routing_rules
from odoo.tests import tagged

from ..access import AccessMixin
from ..common import NotificationCase

BALANCE = b"Compte;Solde\r\n641100;100\r\n512000;-100\r\n"
TABLE = """
                                    user  manager  sensitive  employee  sales  portal  public
    crm.lead                        rwc   rwcd     rwc        -         -      -       -
    crm.stage                       r     rwcd     r          r         r      -       -
    crm.team                        r     rw       r          r         r      -       -
    crm.lost.reason                 r     rwc      r          -         -      -       -
    pope.accompaniment              r     r        r          -         -      -       -
    pope.address.check              rwcd  rwcd     rwcd       -         -      -       -
    pope.address.return             rwcd  rwcd     rwcd       -         -      -       -
    pope.applicant                  -     rwcd     -          -         -      -       -
    pope.authority.opinion          rwcd  rwcd     rwcd       -         -      -       -
    pope.books                      -     rwcd     -          -         -      -       -
    pope.books.charge               -     rwcd     -          -         -      -       -
    pope.books.charging             -     rwc      -          -         -      -       -
    pope.books.line                 -     r        -          -         -      -       -
    pope.budget                     rwc   rwcd     rwc        -         -      -       -
    pope.budget.import              rwcd  rwcd     rwcd       -         -      -       -
    pope.budget.line                rwcd  rwcd     rwcd       -         -      -       -
    pope.budget.start               rwcd  rwcd     rwcd       -         -      -       -
    pope.budget.template            r     rwcd     r          -         -      -       -
    pope.budget.template.line       r     rwcd     r          -         -      -       -
    pope.cash.forecast              rwcd  rwcd     rwcd       -         -      -       -
    pope.chart.complete             -     -        -          -         -      -       -
    pope.chart.complete.line        -     -        -          -         -      -       -
    pope.consent                    rwc   rwcd     rwc        -         -      -       -
    pope.contact.replace            rwc   rwc      rwc        -         -      -       -
    pope.district                   r     rwcd     r          -         -      -       -
    pope.district.answer            rwc   rwcd     rwc        -         -      -       -
    pope.district.generation        r     rwcd     r          -         -      -       -
    pope.district.import            -     rwcd     -          -         -      -       -
    pope.financial.summary          rwc   rwcd     rwc        -         -      -       -
    pope.financial.summary.comment  rwcd  rwcd     rwcd       -         -      -       -
    pope.financial.summary.row      r     r        r          -         -      -       -
    pope.financial.summary.share    rwcd  rwcd     rwcd       -         -      -       -
    pope.followup                   rwc   rwcd     rwc        -         -      -       -
    pope.followup.delay             r     rwcd     r          -         -      -       -
    pope.funding                    rwc   rwcd     rwc        -         -      -       -
    pope.funding.award              rwcd  rwcd     rwcd       -         -      -       -
    pope.funding.award.line         rwcd  rwcd     rwcd       -         -      -       -
    pope.funding.booking            -     -        -          -         -      -       -
    pope.funding.deadline           r     r        r          -         -      -       -
    pope.funding.instalment         rwcd  rwcd     rwcd       -         -      -       -
    pope.funding.expense            r     r        r          -         -      -       -
    pope.funding.obligation         rwcd  rwcd     rwcd       -         -      -       -
    pope.funding.paper              rwcd  rwcd     rwcd       -         -      -       -
    pope.funding.receipt            rwcd  rwcd     rwcd       -         -      -       -
    pope.funding.receipt.line       rwcd  rwcd     rwcd       -         -      -       -
    pope.funding.scheme             r     rwcd     r          -         -      -       -
    pope.funding.scheme.obligation  r     rwcd     r          -         -      -       -
    pope.funding.scheme.paper       r     rwcd     r          -         -      -       -
    pope.funding.share              rwcd  rwcd     rwcd       -         -      -       -
    pope.funding.sheet              rwcd  rwcd     rwcd       -         -      -       -
    pope.funding.sheet.row          rwcd  rwcd     rwcd       -         -      -       -
    pope.import                     rwc   rwcd     rwc        -         -      -       -
    pope.import.column              rwcd  rwcd     rwcd       -         -      -       -
    pope.import.heading             rw    rw       rw         -         -      -       -
    pope.import.line                rwcd  rwcd     rwcd       -         -      -       -
    pope.import.mapping             r     rwcd     r          -         -      -       -
    pope.import.row                 r     r        r          -         -      -       -
    pope.intake                     rwc   rwcd     rwc        -         -      -       -
    pope.intake.ignore              rwcd  rwcd     rwcd       -         -      -       -
    pope.interaction                rwcd  rwcd     rwcd       -         -      -       -
    pope.lead.convert               rwcd  rwcd     rwcd       -         -      -       -
    pope.lead.requirement           rwcd  rwcd     rwcd       -         -      -       -
    pope.life.event                 r     r        r          -         -      -       -
    pope.loan                       rwc   rwcd     rwc        -         -      -       -
    pope.loan.draw                  rwcd  rwcd     rwcd       -         -      -       -
    pope.loan.line                  rwcd  rwcd     rwcd       -         -      -       -
    pope.loan.pledge                rwcd  rwcd     rwcd       -         -      -       -
    pope.loan.product               r     rwcd     r          -         -      -       -
    pope.cash.account               r     rwcd     r          -         -      -       -
    pope.mail.hours                 -     rwcd     -          -         -      -       -
    pope.membership                 rwc   rwcd     rwc        -         -      -       -
    pope.membership.booking         -     -        -          -         -      -       -
    pope.notification               r     r        r          -         -      -       -
    pope.notification.edit          rwcd  rwcd     rwcd       -         -      -       -
    pope.notification.rule          r     rwcd     r          -         -      -       -
    pope.notification.send          rwcd  rwcd     rwcd       -         -      -       -
    pope.opening.figure             r     rwcd     r          -         -      -       -
    pope.partner.phone              rwcd  rwcd     rwcd       -         -      -       -
    pope.partner.role               r     rwcd     r          r         r      -       -
    pope.person.file                -     rwc      -          -         -      -       -
    pope.person.sensitive           -     -        rwcd       -         -      -       -
    pope.premises                   rwcd  rwcd     rwcd       -         -      -       -
    pope.project.close              rwcd  rwcd     rwcd       -         -      -       -
    pope.project.leave              rwcd  rwcd     rwcd       -         -      -       -
    pope.project.member             rwcd  rwcd     rwcd       -         -      -       -
    pope.project.merge              rwcd  rwcd     rwcd       -         -      -       -
    pope.project.pause              rwcd  rwcd     rwcd       -         -      -       -
    pope.project.split              rwcd  rwcd     rwcd       -         -      -       -
    pope.requirement.status         r     r        r          -         -      -       -
    pope.retention.review           -     rwc      -          -         -      -       -
    pope.retention.review.line      -     rwc      -          -         -      -       -
    pope.retention.rule             r     rwcd     r          -         -      -       -
    pope.stage.requirement          r     rwcd     r          -         -      -       -
    pope.structure.type             r     rwcd     r          -         -      -       -
    pope.summary.line               r     rwc      r          -         -      -       -
    pope.year.status                r     rwcd     r          -         -      -       -
    pope.time.key                   -     rwcd     -          -         -      -       -
    pope.time.key.apply             -     rwc      -          -         -      -       -
    pope.time.key.apply.line        -     wcd      -          -         -      -       -
    pope.time.key.line              -     rwcd     -          -         -      -       -
    pope.town                       r     rwcd     r          -         -      -       -
    pope.volunteer.count            rwc   rwc      rwc        -         -      -       -
    pope.volunteer.time             rwcd  rwcd     rwcd       -         -      -       -
    pope.volunteer.valuation        -     -        -          -         -      -       -
    pope.year.end                   -     rwcd     -          -         -      -       -
    pope.year.end.line              -     rw       -          -         -      -       -
"""


@tagged("post_install", "-at_install")
class TestAccess(AccessMixin, NotificationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_users()
        cls.project = cls.create_project(
            pope_opening_date="2026-03-09", pope_places=4, pope_childminder_count=2, pope_job_count=1
        )

    def samples(self):
        """A record of each model, a field to write on it, and what another one is made of; each made when asked for."""
        env, lead = self.env, self.project.id
        role = env["pope.partner.role"].search([("is_authority", "=", True)], limit=1)
        rule = env.ref("pope_crm.rule_welcome")
        rule_values = {"name": "Autre", "stage_id": self.stage_meeting.id, "template_id": rule.template_id.id}
        line = env["pope.summary.line"].search([], limit=1)
        line_values = {"name": "Autre", "code": "autre", "section": "expense", "form_version": line.form_version}
        asked = env["pope.stage.requirement"].search(
            [("stage_id", "in", self.stages.ids), ("scope", "=", "project")], limit=2
        )
        summary = {"date_from": "2026-01-01", "date_to": "2026-12-31", "company_id": self.company.id}

        def new(model, field, values, other=None):
            return lambda: (env[model].create(values), field, other or values)

        def known(record, field, values):
            return lambda: (record, field, values)

        def window(model, field, values):
            return lambda: (env[model].browse(), field, values)

        row = env["pope.notification"].search([("lead_id", "=", lead)], limit=1)
        person = self.holders[0].id
        exchange = env["pope.interaction"].create({"lead_id": self.create_project("Accompagné").id})
        review = env["pope.retention.review"]
        review_line = env["pope.retention.review.line"]
        new_list = {"name": "Liste", "date_start": "2030-01-01"}
        generation = env["pope.district.generation"].search([], limit=1) or env["pope.district.generation"].create(
            {"name": "Liste de 2024", "date_start": "2024-01-01"}
        )
        district = {"name": "Les Tilleuls", "generation_id": generation.id}
        answer = {"partner_id": person, "state": "out", "generation_id": generation.id}
        member = self.project.pope_member_ids
        env["pope.opening.figure"].search([]).unlink()  # of the demo
        imported = env["pope.import"].create({"file_name": "suivi.csv"})
        street = env.ref("pope_crm.import_mapping_contacts_street").copy_data()[0]
        env.ref("pope_crm.import_mapping_contacts_street").unlink()
        scheme = env["pope.funding.scheme"].create({"name": "Fonds local"})
        file = env["pope.funding"].create({"partner_id": person, "date_deadline": "2026-12-31"})
        of_scheme = {"scheme_id": scheme.id, "name": "Statuts"}
        of_file = {"funding_id": file.id, "name": "Statuts"}
        other_file = env["pope.funding"].create({"partner_id": person})
        budget = env["pope.budget"].create({"funding_id": env["pope.funding"].create({"partner_id": person}).id})
        budget_line = {"budget_id": budget.id, "line_id": budget.line_ids.line_id[0].id}
        cerfa = {"kind": "cerfa_15059", "date_from": "2026-01-01", "date_to": "2026-12-31"}
        report = env["pope.financial.summary"].create({**cerfa, "funding_id": file.id})
        template = env["pope.budget.template"].create({"name": "Jardin d'éveil"})
        sheet = env["pope.funding.sheet"].create({"funding_id": file.id})
        award = env["pope.funding.award"].create({"funding_id": file.id})
        instalment = env["pope.funding.instalment"].create({"funding_id": other_file.id, "amount": 100})
        receipt = env["pope.funding.receipt"].create({"instalment_ids": instalment.ids, "amount": 1})
        spent = env["pope.funding"].create({"partner_id": person, "state": "awarded"})
        item = self.create_expense(spent).line_ids[0]
        key = env["pope.time.key"].create({"partner_id": person})
        share = {"funding_id": file.id, "year": 2026, "amount": 900}
        year_end = env["pope.year.end"].create({"date_to": "2011-12-31"})
        year_end_line = {"year_end_id": year_end.id, "funding_id": file.id, "kind": "dedicated"}
        told = {"file": base64.b64encode(BALANCE), "date_from": "2020-01-01", "date_to": "2020-12-31"}
        books = env["pope.books"].create(told)
        books.action_check()
        books.action_accept()
        charge = {"line_id": books.line_ids[0].id, "funding_id": other_file.id, "share": 0.5}
        borrowed = {"name": "Prêt", "partner_id": person, "amount": 1000}
        loan = env["pope.loan"].create(borrowed)
        of_loan = {"loan_id": loan.id, "amount": 100}
        pledge = {"loan_id": loan.id, "funding_id": other_file.id}
        figure = {"figure": "places", "value": 4, "date": "2026-01-01", "source": "Rapport"}
        return {
            "pope.accompaniment": lambda: (
                env["pope.accompaniment"].search([("lead_id", "=", exchange.lead_id.id)], limit=1),
                None,
                {},
            ),
            "pope.address.check": window("pope.address.check", "with_people", {}),
            "pope.address.return": window("pope.address.return", "date", {"generation_id": generation.id}),
            "pope.chart.complete": window("pope.chart.complete", "company_id", {}),
            "pope.chart.complete.line": window(
                "pope.chart.complete.line", "code", {"wizard_id": env["pope.chart.complete"].create({}).id}
            ),
            "pope.books": new("pope.books", "status", {**told, "date_from": "2019-01-01", "date_to": "2019-12-31"}),
            "pope.books.charge": new("pope.books.charge", "share", charge, {**charge, "funding_id": file.id}),
            "pope.books.charging": window("pope.books.charging", "share", {"funding_id": other_file.id}),
            "pope.books.line": lambda: (books.line_ids[:1], None, {}),
            "pope.budget": new(
                "pope.budget", "notes", {"funding_id": file.id}, {"funding_id": other_file.id, "name": "Autre"}
            ),
            "pope.budget.import": window("pope.budget.import", "step", {"budget_id": budget.id}),
            "pope.budget.line": new("pope.budget.line", "note", budget_line),
            "pope.budget.start": window("pope.budget.start", "rise", {"budget_id": budget.id}),
            "pope.budget.template": new("pope.budget.template", "name", {"name": "Ludothèque"}),
            "pope.budget.template.line": new(
                "pope.budget.template.line",
                "note",
                {"template_id": template.id, "line_id": budget.line_ids.line_id[0].id},
            ),
            "pope.cash.forecast": new("pope.cash.forecast", "amount", {"name": "Loyer", "amount": 700}),
            "pope.consent": new("pope.consent", "channel", {"partner_id": person}),
            "pope.contact.replace": window(
                "pope.contact.replace", "archive", {"partner_id": person, "new_partner_id": self.holders[1].id}
            ),
            "pope.district": new(
                "pope.district", "name", {"code": "QN99901M", **district}, {"code": "QN99902M", **district}
            ),
            "pope.district.answer": new("pope.district.answer", "date", answer),
            "pope.district.generation": new(
                "pope.district.generation", "name", new_list, {**new_list, "date_start": "2031-01-01"}
            ),
            "pope.district.import": window("pope.district.import", "generation_id", {"generation_id": generation.id}),
            "pope.import": new("pope.import", "file_name", {"file_name": "suivi.csv"}),
            "pope.import.heading": new("pope.import.heading", "field_name", {"import_id": imported.id}),
            "pope.import.mapping": known(
                env["pope.import.mapping"].search([], limit=1),
                "headers",
                street,
            ),
            "pope.import.row": new("pope.import.row", "reason", {"import_id": imported.id, "state": "refused"}),
            "pope.life.event": lambda: (
                env["pope.life.event"].search([("partner_id", "=", person)], limit=1),
                None,
                {},
            ),
            "pope.import.column": window("pope.import.column", "name", {"name": "Nom", "position": 1}),
            "pope.import.line": window("pope.import.line", "label", {"label": "Nom", "outcome": "kept"}),
            "pope.intake": new("pope.intake", "name", {"name": "Inès Moreau", "team_id": self.team.id}),
            "pope.intake.ignore": window("pope.intake.ignore", "is_blocked", {"intake_ids": [], "reason": "spam"}),
            "pope.interaction": new("pope.interaction", "note", {"lead_id": lead}),
            "pope.applicant": window("pope.applicant", "pope_rna", {}),
            "pope.loan": new("pope.loan", "notes", borrowed),
            "pope.loan.draw": new("pope.loan.draw", "amount", of_loan),
            "pope.loan.line": new("pope.loan.line", "capital", {"loan_id": loan.id, "date": "2030-01-01"}),
            "pope.loan.pledge": new("pope.loan.pledge", "date_told", pledge, {**pledge, "funding_id": file.id}),
            "pope.loan.product": new("pope.loan.product", "name", {"name": "Autre"}),
            "pope.cash.account": new("pope.cash.account", "prefixes", {"kind": "rent", "prefixes": "6139"}),
            "pope.mail.hours": window("pope.mail.hours", "from_hour", {}),
            "pope.opening.figure": new("pope.opening.figure", "source", figure, {**figure, "figure": "employees"}),
            "pope.partner.phone": new("pope.partner.phone", "number", {"partner_id": person, "number": "0612345678"}),
            "pope.person.file": window("pope.person.file", "name", {"partner_id": person, "name": "dossier.zip"}),
            "pope.person.sensitive": new("pope.person.sensitive", "disability", {"partner_id": person}),
            "pope.project.leave": window("pope.project.leave", "note", {"member_id": member.id}),
            "pope.project.merge": window(
                "pope.project.merge", "lead_id", {"lead_ids": [Command.set([lead])], "lead_id": lead}
            ),
            "pope.project.split": window(
                "pope.project.split",
                "name",
                {
                    "lead_id": lead,
                    "name": "Autre",
                    "member_ids": [Command.set(member.ids)],
                    "stage_id": self.stage_contact.id,
                },
            ),
            "pope.retention.review": new("pope.retention.review", "state", {}),
            "pope.retention.review.line": lambda: (
                review_line.create({"review_id": review.create({}).id, "partner_id": person}),
                "reason",
                {"review_id": review.create({}).id, "partner_id": person},
            ),
            "pope.retention.rule": lambda: (
                env["pope.retention.rule"].search([], limit=1).copy(),
                "name",
                {"name": "Autre"},
            ),
            "crm.lead": known(self.project, "name", {"type": "project", "name": "Autre", "pope_source": "salon"}),
            "crm.stage": new("crm.stage", "name", {"name": "Autre", "team_ids": [Command.link(self.team.id)]}),
            "crm.team": known(self.team, "name", {"name": "Autre", "pope_lead_type": "project"}),
            "crm.lost.reason": new("crm.lost.reason", "name", {"name": "Autre", "pope_outcome": "abandoned"}),
            "pope.authority.opinion": new("pope.authority.opinion", "note", {"lead_id": lead, "role_id": role.id}),
            "pope.financial.summary": new("pope.financial.summary", "notes", summary),
            "pope.financial.summary.comment": lambda: (
                env["pope.financial.summary.comment"].create(
                    {"summary_id": env["pope.financial.summary"].create(summary).id, "line_id": line.id, "text": "Dit"}
                ),
                "text",
                {"summary_id": env["pope.financial.summary"].create(summary).id, "line_id": line.id, "text": "Redit"},
            ),
            "pope.year.status": new(
                "pope.year.status",
                "status",
                {"date_from": "2011-01-01", "date_to": "2011-12-31"},
                {"date_from": "2012-01-01", "date_to": "2012-12-31"},
            ),
            "pope.financial.summary.share": new(
                "pope.financial.summary.share",
                "name",
                {"summary_id": report.id, "line_id": self.env.ref("pope_crm.summary_line_ci_fixes").id},
            ),
            "pope.financial.summary.row": lambda: (env["pope.financial.summary"].create(summary).row_ids[:1], None, {}),
            "pope.followup": new(
                "pope.followup", "months", {"lead_id": lead, "months": 5}, {"lead_id": lead, "months": 7}
            ),
            "pope.followup.delay": new("pope.followup.delay", "months", {"months": 50}, {"months": 51}),
            "pope.funding": new("pope.funding", "name", {"partner_id": self.holders[0].id, "lead_id": lead}),
            "pope.funding.deadline": lambda: (
                env["pope.funding.deadline"].search([("funding_id", "=", file.id)], limit=1),
                None,
                {},
            ),
            "pope.funding.instalment": new(
                "pope.funding.instalment", "condition", {"funding_id": file.id, "amount": 100}
            ),
            "pope.funding.expense": lambda: (spent.expense_ids, None, {}),
            "pope.funding.obligation": new("pope.funding.obligation", "note", of_file),
            "pope.funding.paper": new("pope.funding.paper", "note", of_file),
            "pope.funding.scheme": new("pope.funding.scheme", "name", {"name": "Autre"}),
            "pope.funding.scheme.obligation": new("pope.funding.scheme.obligation", "name", of_scheme),
            "pope.funding.scheme.paper": new("pope.funding.scheme.paper", "name", of_scheme),
            "pope.funding.award": window("pope.funding.award", "date", {"funding_id": file.id}),
            "pope.funding.award.line": window(
                "pope.funding.award.line", "amount", {"wizard_id": award.id, "amount": 1}
            ),
            "pope.funding.booking": window("pope.funding.booking", "date", {"funding_id": file.id}),
            "pope.funding.receipt": window("pope.funding.receipt", "amount", {"amount": 1}),
            "pope.funding.receipt.line": window(
                "pope.funding.receipt.line", "amount", {"wizard_id": receipt.id, "instalment_id": instalment.id}
            ),
            "pope.funding.sheet": window("pope.funding.sheet", "funding_id", {"funding_id": file.id}),
            "pope.funding.sheet.row": window("pope.funding.sheet.row", "label", {"sheet_id": sheet.id}),
            "pope.lead.convert": window(
                "pope.lead.convert",
                "send_mail",
                {"lead_ids": [Command.set([lead])], "team_id": self.team.id, "stage_id": self.stage_contact.id},
            ),
            "pope.lead.requirement": new(
                "pope.lead.requirement",
                "note",
                {"lead_id": lead, "requirement_id": asked[0].id},
                {"lead_id": lead, "requirement_id": asked[1].id},
            ),
            "pope.time.key": new("pope.time.key", "reason", {"partner_id": person}),
            "pope.time.key.line": new(
                "pope.time.key.line",
                "percentage",
                {"key_id": key.id, "funding_id": file.id, "percentage": 10},
                {"key_id": key.id, "funding_id": other_file.id, "percentage": 10},
            ),
            "pope.time.key.apply": window("pope.time.key.apply", "date_to", {}),
            "pope.time.key.apply.line": window(
                "pope.time.key.apply.line",
                "computation",
                {"wizard_id": env["pope.time.key.apply"].create({}).id, "item_id": item.id},
            ),
            "pope.membership": new(
                "pope.membership", "amount", {"partner_id": person}, {"partner_id": self.holders[1].id}
            ),
            "pope.membership.booking": window("pope.membership.booking", "post", {}),
            "pope.notification": new(
                "pope.notification",
                "subject",
                {
                    "rule_id": rule.id,
                    "company_id": self.company.id,
                    "lead_id": lead,
                    "partner_id": self.holders[0].id,
                    "date_planned": self.now,
                },
            ),
            "pope.notification.edit": window(
                "pope.notification.edit", "subject", {"notification_id": row.id, "subject": "Bonjour"}
            ),
            "pope.notification.rule": new("pope.notification.rule", "name", rule_values),
            "pope.notification.send": window(
                "pope.notification.send", "lead_id", {"rule_id": rule.id, "lead_id": lead}
            ),
            "pope.partner.role": new(
                "pope.partner.role", "name", {"name": "Rôle", "code": "role"}, {"name": "Autre", "code": "autre"}
            ),
            "pope.premises": new("pope.premises", "name", {"name": "12 rue des Lilas", "lead_id": lead}),
            "pope.project.close": window(
                "pope.project.close",
                "note",
                {"lead_ids": [Command.set([lead])], "lost_reason_id": env.ref("pope_crm.lost_reason_rent").id},
            ),
            "pope.project.member": new(
                "pope.project.member",
                "date_entry",
                {"lead_id": lead, "partner_id": self.holders[1].id},
                {"lead_id": lead, "partner_id": self.holders[2].id},
            ),
            "pope.project.pause": window(
                "pope.project.pause", "note", {"lead_ids": [Command.set([lead])], "date_until": "2030-01-01"}
            ),
            "pope.requirement.status": lambda: (self.project.pope_checklist_ids[:1], None, {}),
            "pope.stage.requirement": new(
                "pope.stage.requirement", "name", {"name": "Pièce", "stage_id": self.stage_meeting.id}
            ),
            "pope.structure.type": new(
                "pope.structure.type", "name", {"name": "Type", "code": "type"}, {"name": "Autre", "code": "autre"}
            ),
            "pope.summary.line": known(line, "name", line_values),
            "pope.town": new(
                "pope.town", "name", {"name": "Ville", "insee_code": "99001"}, {"name": "Autre", "insee_code": "99002"}
            ),
            "pope.volunteer.count": window("pope.volunteer.count", "year", {}),
            "pope.volunteer.time": new(
                "pope.volunteer.time", "hours_1", {"partner_id": person}, {"partner_id": self.holders[1].id}
            ),
            "pope.volunteer.valuation": window("pope.volunteer.valuation", "rate", {}),
            "pope.funding.share": new("pope.funding.share", "amount", share, {**share, "year": 2027}),
            "pope.year.end": new("pope.year.end", "date_to", {"date_to": "2012-12-31"}, {"date_to": "2013-12-31"}),
            "pope.year.end.line": new("pope.year.end.line", "reason", year_end_line),
        }

    def test_each_model_for_each_group(self):
        self.assert_table(TABLE, "pope_crm", self.samples())

    def test_managers_change_our_settings_and_none_of_the_others(self):
        manager = self.users["manager"]
        texts = self.env["mail.template"].with_user(manager).search([("model", "=", "pope.notification")])
        self.assertGreater(len(texts), 10)
        for text in texts.with_context(lang="fr_FR"):
            text.write({"subject": f"{text.subject} !", "body_html": f"{text.body_html}<p>À bientôt</p>"})
        made = text.create(
            {"name": "Le nôtre", "model_id": text.model_id.id, "subject": "Bonjour", "body_html": "<p>Bonjour</p>"}
        )
        made.subject = "Bonsoir"
        stock_text = self.env["mail.template"].search([("model", "=like", "crm.%")], limit=1)
        stock_reason = self.env["crm.lost.reason"].search([("pope_outcome", "=", False)], limit=1)
        sales = self.env["crm.team"].search([("pope_lead_type", "=", False)], limit=1)
        for record, field in (
            (stock_text, "name"),
            (stock_reason, "name"),
            (self.env.ref("crm.stage_lead1"), "name"),
            (sales, "name"),
        ):
            with self.assertRaises(AccessError, msg=record._name):
                record.with_user(manager)[field] = "Autre"
        both = self._new_user("both_managers", "pope_crm.group_pope_manager,sales_team.group_sale_manager")
        for record in (stock_reason, self.env.ref("crm.stage_lead1"), sales):
            record.with_user(both).name = "Autre"
        with self.assertRaises(AccessError):
            self.env.ref("pope_crm.mail_template_welcome").with_user(self.users["user"]).subject = "Autre"

    def test_our_menus(self):
        root = self.env.ref("pope_crm.menu_pope_root")
        configuration = self.env.ref("pope_crm.menu_pope_configuration")
        Menu = self.env["ir.ui.menu"]
        below = {menu: set(Menu.search([("id", "child_of", menu.id)]).ids) for menu in (root, configuration)}
        expected = {
            "user": below[root] - below[configuration],
            "manager": below[root],
            "sensitive": below[root] - below[configuration],
        }
        for group, user in self.users.items():
            mine = Menu.with_user(user)
            shown = set(mine.load_menus(False)) - {"root"} if mine.has_access("read") else set()
            seen = below[root] & shown
            hidden = Menu.browse(expected.get(group, set()) - seen).filtered("action")
            self.assertFalse(seen - expected.get(group, set()), group)
            # some screens of everybody's menus are for a smaller group
            for menu in hidden:
                self.assertFalse(menu.group_ids & user.all_group_ids, menu.complete_name)
                self.assertTrue(menu.group_ids, menu.complete_name)
            for menu in Menu.browse(seen).filtered("action"):
                action = menu.action.sudo()
                if action._name == "ir.actions.act_window":
                    allowed = self.env[action.res_model].with_user(user).has_access("read")
                    self.assertTrue(allowed, (group, menu.complete_name))

    def test_others_keep_what_they_had(self):
        """Fields of ours that lead to our records are closed to others, so that what they read or copy goes on."""
        employee, seller, portal = (self.users[group] for group in ("employee", "sales", "portal"))
        sales_manager = self._new_user("sales_manager", "sales_team.group_sale_manager")
        for user in (seller, sales_manager):  # Odoo itself lets nobody else copy a lead where there are events
            if desk := self.env.ref("event.group_event_registration_desk", raise_if_not_found=False):
                user.group_ids |= desk
        lead = self.env["crm.lead"].create({"name": "Affaire", "type": "opportunity", "user_id": seller.id})
        for record, users in (
            (lead, (seller, sales_manager)),
            (self.env.ref("crm.stage_lead1"), (employee, seller, sales_manager)),
            (self.env["crm.team"].search([("pope_lead_type", "=", False)], limit=1), (employee, seller)),
            (self.env["crm.lost.reason"].search([("pope_outcome", "=", False)], limit=1), (employee, seller)),
            (self.holders[0], (employee, seller)),
            (employee, (employee,)),
            (self.company, (employee, portal)),
        ):
            for user in users:
                own = record.with_user(user)
                ours = [name for name in own.fields_get(attributes=[]) if name.startswith("pope_")]
                own.read(ours)
        for user in (seller, sales_manager):
            self.assertTrue(lead.with_user(user).copy())
            self.assertTrue(self.holders[1].with_user(user).copy())
        self.env["crm.lead"].with_user(seller).search([("is_rotting", "=", True)])

    def test_nobody_else_acts_on_our_records(self):
        """Whatever a client may call, by a button or by RPC."""
        self.project.stage_id = self.stage_open
        records = [
            self.project,
            self.project.pope_followup_ids[:1],
            self.project.pope_member_ids,
            self.project.pope_checklist_ids[:1],
            self.rows(self.project)[:1],
            self.env["pope.premises"].create({"name": "12 rue des Lilas", "lead_id": self.project.id}),
            self.env["pope.financial.summary"].create({"date_from": "2026-01-01", "date_to": "2026-12-31"}),
            self.env.ref("pope_crm.rule_welcome"),
            self.env["pope.funding"].create({"partner_id": self.holders[0].id, "state": "in_review"}),
            self.env["pope.funding.obligation"].create(
                {
                    "funding_id": self.env["pope.funding"].create({"partner_id": self.holders[0].id}).id,
                    "name": "Bilan",
                    "anchor": "given",
                    "date_due": "2026-12-31",
                }
            ),
        ]
        self.env.flush_all()

        def state():
            self.env.invalidate_all()
            return [[record.read(), self.rows(self.project).mapped("state")] for record in records]

        before, tried = state(), 0
        for group in ("employee", "sales", "portal", "public"):
            for record in records:
                own = record.with_user(self.users[group])
                for name in dir(type(record)):
                    method = getattr(type(record), name, None)
                    if not (name.startswith("action_") and method.__module__.startswith("odoo.addons.pope_")):
                        continue
                    tried += 1
                    self.env.invalidate_all()
                    with contextlib.suppress(UserError), self.env.cr.savepoint():
                        getattr(own, name)()  # a window may open: what it shows is asked for later
        self.assertGreater(tried, 80)
        self.assertEqual(state(), before)

    def test_files_and_links_stay_with_the_team(self):
        asked = self.env["pope.stage.requirement"].search(
            [("stage_id", "in", self.stages.ids), ("scope", "=", "project"), ("kind", "=", "paper")], limit=1
        )
        row = self.env["pope.lead.requirement"].create({"lead_id": self.project.id, "requirement_id": asked.id})
        file = self.env["ir.attachment"].create(
            {"name": "bail.pdf", "raw": b"bail", "res_model": row._name, "res_id": row.id}
        )
        row.attachment_ids = file
        self.project.stage_id = self.stage_open
        followup = self.project.pope_followup_ids[0]
        for group in ("employee", "sales", "portal", "public"):
            user = self.users[group]
            for record, field in ((file, "raw"), (followup, "access_token"), (followup, "public_url")):
                with self.assertRaises(AccessError, msg=(group, field)):
                    record.with_user(user).read([field])
        self.assertEqual(file.with_user(self.users["user"]).raw, b"bail")

    def test_few_pages_are_open_without_log_in(self):
        """Nothing of ours answers a visitor but what has a link of one's own, the first contact, the dates of the
        meetings and discovery days and, where a pole opens it, the catalogue."""
        addons = [name for name in self.env.registry._init_modules if name.startswith("pope_")]
        routes = {(url, endpoint.routing["auth"]) for url, endpoint in _generate_routing_rules(addons, nodb_only=False)}
        pages = {"/pope/suivi/<string:token>", "/pope/contact", "/pope/contact/<int:team_id>"}
        if "pope_training" in addons:
            pages |= {"/pope/reunion/<string:token>", "/pope/reunions", "/pope/reunions/<int:team_id>"}
            pages |= {"/pope/formations/<int:company_id>", "/pope/formations/<int:company_id>/<int:program_id>"}
            pages.add("/pope/reclamation/<int:company_id>")
            pages |= {"/pope/signature/<string:token>", "/pope/signature/<string:token>/document"}
            pages |= {"/pope/decouverte", "/pope/decouverte/<int:team_id>", "/pope/parcours/<string:token>"}
            for space in ("/pope/stagiaire/<string:token>", "/pope/employeur/<string:token>"):
                pages |= {space, f"{space}/<int:document_id>"}
            sign = "/pope/emargement"
            trainer = f"{sign}/animation/<string:token>"
            pages |= {f"{sign}/<string:token>", f"{sign}/seance/<string:token>", trainer, f"{trainer}/<int:row_id>"}
        # the archive of a summary's papers is for who logs in and reads the summary
        users = {("/pope/summaries/<int:summary_id>/papers", "user")}
        if "pope_training" in addons:
            users.add(("/pope/qualiopi/<int:board_id>/dossier", "user"))
            users.add(("/pope/enquete/papier/<int:answer_id>", "user"))  # who types what was written on paper
        self.assertEqual(routes, {(page, "public") for page in pages} | users)
