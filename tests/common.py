"""The small world that the in-process tests share: one pole, its team, its people, one project."""

from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command, fields
from odoo.tests import TransactionCase, new_test_user


class PopeCase(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_and_install_lang("fr_FR")
        cls.company = cls.env.ref("base.main_company")
        cls.user_pope = cls._new_user("pope_user", "pope_crm.group_pope_user")
        cls.user_manager = cls._new_user("pope_manager", "pope_crm.group_pope_manager")
        cls.user_sensitive = cls._new_user("pope_sensitive", "pope_crm.group_pope_sensitive")
        cls.team = cls.env.ref("pope_crm.team_incubator")
        cls.stages = cls.env["crm.stage"].search([("team_ids", "in", cls.team.ids)])
        cls.stage_contact, cls.stage_meeting, cls.stage_diagnosis = cls.stages[:3]
        cls.stage_open = cls.env.ref("pope_crm.stage_open")
        cls.structure_type = cls.env["pope.structure.type"].search([], limit=1) or cls.env[
            "pope.structure.type"
        ].create({"name": "MAM", "code": "test_mam"})
        cls.town = cls.env["pope.town"].search([("insee_code", "=", "93066")], limit=1) or cls.env["pope.town"].create(
            {"name": "Saint-Denis", "insee_code": "93066", "postal_codes": "93200"}
        )
        cls.holders = cls.env["res.partner"].create(
            [
                {
                    "name": "Awa Diallo",
                    "email": "awa.diallo@example.org",
                    "phone": "+33 6 12 34 56 01",
                    "lang": "fr_FR",
                },
                {"name": "Nadia Benali", "email": "nadia.benali@example.org", "lang": "fr_FR"},
                {"name": "Chloé Martin", "email": "chloe.martin@example.org", "lang": "fr_FR"},
            ]
        )

    @classmethod
    def _new_user(cls, login, groups, **values):
        return new_test_user(
            cls.env,
            login=login,
            groups=groups,
            lang="fr_FR",
            tz="Europe/Paris",
            company_id=cls.env.ref("base.main_company").id,
            **values,
        )

    @classmethod
    def today(cls):
        """The day it is for who works, late in the evening too, when it is still yesterday in Greenwich."""
        return fields.Date.context_today(cls.env.user)

    @classmethod
    def forget_fundings(cls):
        """No file of the demo is left, nor the entries, the time keys and the pledges that name one."""
        cls.env["pope.loan.pledge"].search([]).unlink()
        cls.env["pope.time.key"].search([]).unlink()
        fundings = cls.env["pope.funding"].search([])
        accounts = fundings.analytic_account_id.ids
        items = cls.env["account.move.line"].search([("analytic_distribution", "in", accounts)])
        moves = fundings.award_move_ids | items.move_id
        moves.button_draft()
        moves.with_context(force_delete=True).unlink()
        fundings.unlink()

    @classmethod
    def create_project(cls, name="MAM Les Petits Pas", holders=None, **values):
        """A project in its first stage, held by the first holder unless told otherwise."""
        holders = cls.holders[:1] if holders is None else holders
        return cls.env["crm.lead"].create(
            {
                "type": "project",
                "name": name,
                "user_id": cls.user_pope.id,
                "pope_structure_type_id": cls.structure_type.id,
                "pope_town_id": cls.town.id,
                "pope_member_ids": [Command.create({"partner_id": holder.id}) for holder in holders],
                **values,
            }
        )

    @classmethod
    def create_expense(cls, funding, amount=100):
        """A posted entry of that amount, spread over the file, in a company with or without a chart."""
        company = funding.company_id
        env = cls.env(context={"allowed_company_ids": company.ids})
        expense, other = (
            env["account.account"].create(
                {"name": name, "code": code, "account_type": kind, "company_ids": [Command.set(company.ids)]}
            )
            for name, code, kind in (("Achats", "606998", "expense"), ("Divers", "467998", "asset_current"))
        )
        journal = env["account.journal"].create(
            {"name": "Divers", "code": "DIV98", "type": "general", "company_id": company.id}
        )
        spread = {str(funding.analytic_account_id.id): 100}
        move = env["account.move"].create(
            {
                "journal_id": journal.id,
                "date": cls.today(),
                "line_ids": [
                    Command.create({"account_id": expense.id, "balance": amount, "analytic_distribution": spread}),
                    Command.create({"account_id": other.id, "balance": -amount}),
                ],
            }
        )
        move.action_post()
        cls.env.invalidate_all()
        return move


class NotificationCase(PopeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"email": "pole@example.org", "phone": "01 23 45 67 89"})
        cls.company.partner_id.write(
            {"tz": "Europe/Paris", "street": "12 rue du Pôle", "street2": False, "zip": "93200", "city": "Saint-Denis"}
        )
        # a Tuesday, at ten in the morning in Paris
        cls.now = datetime(2026, 3, 10, 9, 0)

    def at(self, moment):
        """Everything in the block happens at that moment, for Python and for the transaction's clock."""
        freezer = freeze_time(moment)
        clock = patch.object(self.env.cr.__class__, "now", lambda cr: moment)
        freezer.start()
        clock.start()
        self.addCleanup(freezer.stop)
        self.addCleanup(clock.stop)

    def no_meeting_to_come(self):
        """No date that the add-on of the meetings could offer, each with the link of one person."""
        if "event.event" in self.env:
            self.env["event.event"].search([]).kanban_state = "blocked"

    def dispatch(self, moment=None):
        """What the cron does when it runs at that moment, without its commits."""
        self.at(moment or self.now + timedelta(minutes=11))
        Notification = self.env["pope.notification"]
        while due := Notification.search(Notification._due_domain(), order="date_planned, id"):
            due._dispatch()

    def rows(self, project, *states):
        return self.env["pope.notification"].search(
            [("lead_id", "=", project.id), *([("state", "in", states)] if states else [])]
        )
