"""What people read around a project, in French: none of the sales team's words; and theirs stay on their screens."""

import json
import re

from lxml import etree

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import html2plaintext

from odoo.addons.mail.tools.discuss import Store

from ..common import NotificationCase

SALES = re.compile(
    r"\b(pistes?|opportunités?|vendeu\w*|gagnée?s?|perdue?s?|perte|prospect\w*|client\w*|revenus?|probabilité\w*|MRR"
    r"|commercia\w*|leads?|salesperson|opportunity)\b",
    re.IGNORECASE,
)
FIGURES = {"pope_opening_date": "2026-03-09", "pope_places": 16, "pope_childminder_count": 4, "pope_job_count": 1}


@tagged("post_install", "-at_install")
class TestWords(NotificationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        sales = "sales_team.group_sale_salesman_all_leads"
        cls.seller = cls._new_user("seller", sales)
        cls.both = cls._new_user("both", f"pope_crm.group_pope_user,{sales}")
        cls.colleague = cls._new_user("colleague", "pope_crm.group_pope_user")
        names = {cls.user_pope: "Inès Petit", cls.colleague: "Rose Kaba", cls.seller: "Ali Roux", cls.both: "Eva Blanc"}
        for user, name in names.items():
            user.write({"name": name, "email": f"{user.login}@example.org", "notification_type": "email"})

    def setUp(self):
        super().setUp()
        self.at(self.now)

    def as_user(self, records, user=None):
        return records.with_user(user or self.user_pope).with_context(lang="fr_FR")

    def track(self):
        self.env.flush_all()
        self.env.cr.precommit.run()

    def discussion(self, record):
        """What the client gets of a record's discussion."""
        self.track()
        return json.dumps(Store().add(record.message_ids).get_result(), ensure_ascii=False, default=str)

    def assertNoSales(self, text, message=None):
        self.assertFalse(SALES.findall(text.replace("crm.lead", "")), message or text)

    def test_the_discussion_of_a_project(self):
        project = self.as_user(self.env["crm.lead"]).create(
            {"type": "project", "name": "MAM", "pope_member_ids": [Command.create({"partner_id": self.holders[0].id})]}
        )
        for change in (
            lambda: project.write({"stage_id": self.stage_meeting.id}),
            lambda: project.write({"user_id": self.colleague.id}),
            lambda: project.write({**FIGURES, "stage_id": self.stage_open.id}),
            lambda: project.write({"stage_id": self.stage_diagnosis.id}),
            lambda: project._pope_close(self.env.ref("pope_crm.lost_reason_training"), "Ira en CAP"),
            project.action_restore,
            lambda: project.write({"partner_id": self.holders[1].id, "pope_mail_hold": True}),
        ):
            change()
            self.track()
        for user in (self.user_pope, self.both):
            text = self.discussion(self.as_user(project, user))
            self.assertNoSales(text)
            for words in ("Chargé·e de projet", "Situation", "En cours", "Abandon ou réorientation", "Motif", "Ouvert"):
                self.assertIn(f'"{words}"', text)
        self.assertNoSales(" ".join(self.as_user(project)._mail_get_message_subtypes().mapped("name")))

    def test_many_projects_changed_at_once_and_one_deleted(self):
        projects = self.create_project("Un") | self.create_project("Deux") | self.create_project("Trois")
        self.track()
        for project in self.as_user(projects):
            project._pope_close(self.env.ref("pope_crm.lost_reason_rent"))
        projects[2].unlink()
        for project in self.as_user(projects[:2]):
            self.assertNoSales(self.discussion(project))
            self.assertIn("Abandon ou réorientation", self.discussion(project))

    def test_an_opportunity_keeps_its_words(self):
        lead = self.as_user(self.env["crm.lead"], self.both).create({"name": "Affaire", "type": "opportunity"})
        self.track()
        lead.user_id = self.seller
        lead.action_set_won()
        text = self.discussion(lead)
        for words in ("Vendeur", "Gagné", "Gagnée/Perdue"):
            self.assertIn(f'"{words}"', text)
        self.assertIn("Opportunité gagnée", lead._mail_get_message_subtypes().mapped("name"))

    def test_notifications(self):
        project = self.create_project(user_id=False)
        before = self.env["mail.mail"].search([]).ids
        own = self.as_user(project)
        own.user_id = self.colleague
        own.activity_schedule("mail.mail_activity_data_call", summary="Rappeler", user_id=self.colleague.id)
        own.message_post(
            body="À relire", subtype_xmlid="mail.mt_comment", partner_ids=(self.colleague | self.both).partner_id.ids
        )
        lead = self.env["crm.lead"].create({"name": "Affaire", "type": "opportunity", "user_id": False})
        self.as_user(lead, self.both).user_id = self.seller
        mails = self.env["mail.mail"].search([("id", "not in", before), ("model", "=", "crm.lead")])
        ours, theirs = (
            mails.filtered(lambda mail, record=record: mail.res_id == record.id) for record in (project, lead)
        )
        self.assertGreaterEqual(len(ours), 3)
        for mail in ours:
            self.assertNoSales(f"{mail.subject} {html2plaintext(mail.body_html)}")
            self.assertIn("Voir Projet", mail.body_html)
            self.assertIn(f"/mail/view?model=crm.lead&amp;res_id={project.id}", mail.body_html)
        self.assertIn("Voir Piste", theirs.body_html)
        form = self.env.ref("pope_crm.crm_lead_view_form_project").id
        for user in (self.colleague, self.both):
            self.assertEqual(self.as_user(project, user)._get_access_action()["views"], [(form, "form")])
            self.assertEqual(self.as_user(project, user).redirect_lead_opportunity_view()["views"], [(form, "form")])
        self.assertNotEqual(self.as_user(lead, self.both)._get_access_action()["views"], [(form, "form")])

    def screens(self, user, action, context=None):
        views = [(view, kind) for view, kind in action.views] + [(action.search_view_id.id or False, "search")]
        options = {"toolbar": True, "load_filters": True, "action_id": action.id}
        return self.as_user(self.env[action.res_model], user).get_views(views, options)

    def test_the_screens_of_projects(self):
        """Labels, filters, groups, measures and actions, for who does projects only and for who sells as well."""
        action = self.env.ref("pope_crm.crm_lead_action_project")
        for user in (self.user_pope, self.user_manager, self.both):
            screens = self.screens(user, action)
            self.assertEqual(set(screens["views"]), {"kanban", "list", "form", "activity", "search"})
            for kind, view in screens["views"].items():
                self.assertNoSales(" ".join(shown(view["arch"])), kind)
                actions = [entry["name"] for entries in view.get("toolbar", {}).values() for entry in entries]
                self.assertNoSales(" ".join(actions))
                self.assertFalse({"Enrichir", "Transformer en projets PôPE"} & set(actions))
            offered = {
                name: field
                for name, field in screens["models"]["crm.lead"]["fields"].items()
                if field.get("searchable") or field.get("groupable") or field.get("aggregator")
            }
            for field in offered.values():
                self.assertNoSales(words(field))
            self.assertEqual(offered["user_id"]["string"], "Chargé·e de projet")
            self.assertIn(("lost", "Abandon ou réorientation"), offered["won_status"]["selection"])
            self.assertLess({"pope_town_id", "stage_id", "create_date", "tag_ids"}, set(offered))
            self.assertFalse({"expected_revenue", "probability", "team_id", "campaign_id"} & set(offered))

    def test_filters_exports_and_imports(self):
        """What no screen tells apart: for who sells nothing there are projects only."""
        for field in self.as_user(self.env["crm.lead"]).fields_get(attributes=["string", "selection"]).values():
            self.assertNoSales(words(field))
        for user in (self.seller, self.both):
            fields = self.as_user(self.env["crm.lead"], user).fields_get()
            self.assertEqual((fields["user_id"]["string"], fields["name"]["string"]), ("Vendeur", "Opportunité"))
            self.assertIn("expected_revenue", fields)
        self.assertEqual(self.as_user(self.env["ir.model"].sudo()._get("crm.lead")).sudo().display_name, "Projet")

    def test_the_screens_of_sales_stay(self):
        action = self.env.ref("crm.crm_lead_action_pipeline")
        for user in (self.seller, self.both):
            fields = self.screens(user, action)["models"]["crm.lead"]["fields"]
            self.assertEqual(
                (fields["user_id"]["string"], fields["won_status"]["string"]), ("Vendeur", "Gagnée/Perdue")
            )
            self.assertTrue(fields["expected_revenue"]["groupable"])
            self.assertFalse([name for name in fields if name.startswith("pope_")])

    def test_every_screen_of_our_menus(self):
        """Whatever add-on brings it; the form of a contact is Odoo's own."""
        menus = self.env["ir.ui.menu"].with_user(self.user_manager)
        menus = menus.search([("id", "child_of", self.env.ref("pope_crm.menu_pope_root").id), ("action", "!=", False)])
        self.assertGreater(len(menus), 10)
        found = {}
        for menu in menus:
            action = menu.action.sudo()
            shows = action._name == "ir.actions.act_window" and self.env[action.res_model].with_user(self.user_manager)
            if shows is not False and shows.has_access("read"):
                screens = self.screens(self.user_manager, action)
                fields = screens["models"][action.res_model]["fields"]
                texts = {
                    kind: [*shown(view["arch"]), *(named(view["arch"], fields) if kind in ("list", "form") else ())]
                    for kind, view in screens["views"].items()
                }
                texts["help"] = [html2plaintext(action.with_context(lang="fr_FR").help or "")]
                for kind, text in texts.items():
                    if (action.res_model, kind) != ("res.partner", "form") and (words := SALES.findall(" ".join(text))):
                        found[menu.complete_name, kind] = words
        self.assertFalse(found)

    def test_the_clock_of_the_top_bar(self):
        late, today = self.create_project("Un"), self.create_project("Deux")
        late.activity_schedule("mail.mail_activity_data_call", "2026-03-02", user_id=self.both.id)
        today.activity_schedule("mail.mail_activity_data_call", "2026-03-10", user_id=self.both.id)
        lead = self.env["crm.lead"].create({"name": "Affaire", "type": "opportunity", "user_id": self.both.id})
        lead.activity_schedule("mail.mail_activity_data_call", "2026-03-20", user_id=self.both.id)

        def groups():
            user = self.as_user(self.env["res.users"], self.both)
            return [group for group in user._get_activity_groups() if group["model"] == "crm.lead"]

        ours, theirs = groups()
        self.assertEqual((ours["name"], ours["overdue_count"], ours["today_count"]), ("Projets", 1, 1))
        self.assertEqual((ours["total_count"], ours["planned_count"]), (2, 0))
        self.assertEqual((theirs["name"], theirs["total_count"], theirs["planned_count"]), ("Piste", 0, 1))
        self.assertNotIn("pope_action", theirs)
        lead.activity_ids.unlink()
        self.assertEqual([group["name"] for group in groups()], ["Projets"])
        (late | today).activity_ids.unlink()
        self.assertFalse(groups())

    def test_a_project_that_came_by_mail_goes_to_the_head_of_the_team(self):
        self.team.user_id = self.colleague
        project = self.as_user(self.env["crm.lead"]).message_new(
            {"subject": "Une MAM", "from": "awa.diallo@example.org", "author_id": self.holders[0].id},
            {"type": "project", "team_id": self.team.id},
        )
        self.assertEqual(project.user_id, self.colleague)
        self.assertNoSales(self.discussion(project))

    def test_an_open_place_is_not_abandoned(self):
        project = self.create_project(**FIGURES)
        project.stage_id = self.stage_open
        with self.assertRaises(UserError) as refused:
            self.as_user(project)._pope_close(self.env.ref("pope_crm.lost_reason_rent"))
        self.assertNoSales(str(refused.exception))
        self.assertIn("MAM Les Petits Pas", str(refused.exception))


def words(field):
    return " ".join([field["string"], *(label for _value, label in field.get("selection") or ())])


def shown(arch):
    """The words of a view that people may read."""
    for node in etree.fromstring(arch).iter(etree.Element):
        yield from (node.get(name) or "" for name in ("string", "placeholder", "title", "help", "sum", "confirm"))
        yield (node.text or "").strip()
        yield (node.tail or "").strip()


def named(arch, fields):
    """The labels of the fields that a view shows by their own name."""
    for node in etree.fromstring(arch).iterfind(".//field"):
        inner = any(parent.tag == "field" for parent in node.iterancestors())
        hidden = node.get("column_invisible") == "True" or node.get("invisible") == "True" or node.get("nolabel")
        if not inner and not hidden and not node.get("string"):
            yield fields[node.get("name")]["string"]
