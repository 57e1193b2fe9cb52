"""What trainings, quality and finance leave on the home page: counted in one query, each line the list it opens."""

from datetime import datetime, timedelta

from odoo import fields
from odoo.tests import tagged

from .agreement import AgreementCase
from .common import MeetingCase

TITLES = {
    "À facturer",
    "À trier",
    "BPF à déposer",
    "Budgets à voter",
    "Comptes rendus financiers (Cerfa) à figer",
    "Conventions à signer",
    "En retard pour les financeurs",
    "Envois incertains",
    "Mes activités du jour",
    "Messages qui attendent l'émargement ou un document",
    "Messages à valider",
    "Personnes dont on attend des nouvelles",
    "Pièces de formateurs qui expirent",
    "Preuves qui expirent",
    "Projets en retard",
    "Prêts dont une échéance est en retard",
    "Réclamations en attente d'une réponse",
    "Sessions à clôturer",
    "Suivis sans réponse",
    "Synthèses à figer",
    "Versements en retard",
}


@tagged("post_install", "-at_install")
class TestTodoTraining(AgreementCase):
    @property
    def todo(self):
        return self.own("pope.todo", self.user_pope).with_context(lang="fr_FR")

    def waits(self):
        """How many wait, by title, and that each opens the list of exactly these."""
        cards = self.todo.get_cards()["cards"]
        shown = [card for card in cards if card["model"]]
        shown += [line for card in cards for line in card.get("lines", ())]
        for card in shown:
            found = self.own(card["model"], self.user_pope).search_count(card["action"]["domain"])
            self.assertEqual(found, card["count"], card["title"])
        return {card["title"]: card["count"] for card in shown}

    def certify(self, enrolments):
        kind = self.env["pope.training.document.kind"]._of_code("certificate")
        self.env["pope.training.document"].create(
            [
                {
                    "name": "Certificat",
                    "kind_id": kind.id,
                    "company_id": self.pole.id,
                    "number": f"C-{enrolment.id}",
                    "date": self.today(),
                    "event_id": self.course.id,
                    "enrolment_id": enrolment.id,
                }
                for enrolment in enrolments
            ]
        )

    def test_a_session_is_to_close_until_nothing_is_left_of_it(self):
        line = self.pay(self.nadia_enrolment, "employeur_prive", partner_id=self.employer.id, amount_granted=700)
        title = "Sessions à clôturer"
        self.assertNotIn(title, self.waits(), "it is to come")
        self.day("2026-04-29")
        self.assertEqual(self.waits()[title], 1, "nobody noted who came")
        self.attend(self.nadia_enrolment, *["present"] * 4)
        self.attend(self.awa_enrolment, *["absent"] * 4)
        self.assertEqual(self.waits()[title], 1, "nothing is sealed")
        self.slots._close("window")
        self.assertEqual(self.waits()[title], 1, "a certificate is missing")
        self.certify(self.nadia_enrolment)
        waits = self.waits()
        self.assertEqual((waits[title], waits["À facturer"]), (1, 1))
        line.amount_proposed = 700
        self.assertEqual(self.waits()[title], 1, "the accountant makes the invoice")
        line.write({"amount_proposed": 0, "state": "refused"})
        waits = self.waits()
        self.assertNotIn(title, waits)
        self.assertNotIn("À facturer", waits)
        self.assertFalse(self.own("event.event", self.user_pope).browse(self.course.id).pope_to_close)

    def test_a_session_that_is_called_off_leaves_nothing(self):
        self.day("2026-04-29")
        self.assertTrue(self.course.pope_to_close)
        self.course.kanban_state = "cancel"
        self.assertFalse(self.course.pope_to_close)
        self.assertNotIn("Sessions à clôturer", self.waits())

    def test_work_on_a_session_is_among_my_activities(self):
        self.course.activity_schedule(
            "mail.mail_activity_data_todo", self.today(), summary="Préparer la salle", user_id=self.user_pope.id
        )
        self.assertEqual(self.waits()["Mes activités du jour"], 1)

    def test_the_gestures_of_the_day_are_told_by_the_clock_of_the_session(self):
        for moment, today in (("2026-04-26 21:00", False), ("2026-04-26 23:00", True), ("2026-04-28 21:00", True)):
            self.at(datetime.fromisoformat(moment))
            self.course.invalidate_recordset(["pope_is_today"])
            self.assertEqual(self.course.pope_is_today, today, moment)
        self.at(datetime.fromisoformat("2026-04-29 06:00"))
        self.course.invalidate_recordset(["pope_is_today"])
        self.assertFalse(self.course.pope_is_today)
        self.env["pope.training.slot"].create({"event_id": self.course.id, "date": "2026-05-04", "half": "morning"})
        self.course.invalidate_recordset(["pope_is_today"])
        self.assertFalse(self.course.pope_is_today, "between two of its days, none is today")


@tagged("post_install", "-at_install")
class TestTodoFull(MeetingCase):
    """The page with everything that can wait, in the company of the team."""

    def setUp(self):
        super().setUp()
        self.Todo = self.env["pope.todo"].with_user(self.user_pope).with_context(lang="fr_FR")
        self.partner = self.env["res.partner"].create({"name": "Maïa Ollivier", "is_company": True})
        self.scheme = self.env["pope.funding.scheme"].create({"name": "Soutien", "partner_id": self.partner.id})
        self.program = self.create_program()

    def lists(self):
        """What the page opens, by title, each checked to count what its list shows."""
        cards = self.Todo.get_cards()["cards"]
        shown = [card for card in cards if card["model"]]
        shown += [line for card in cards for line in card.get("lines", ())]
        for card in shown:
            Model = self.env[card["model"]].with_user(self.user_pope)
            self.assertEqual(Model.search_count(card["action"]["domain"], limit=100), card["count"] + card["more"])
        return {card["title"]: card for card in shown}

    def make_all_wait(self, number):
        """So many of all that the page counts."""
        create, today, mine = self._create, self.today(), self.user_pope.id
        old, soon = today - timedelta(days=90), today + timedelta(days=20)
        sessions = self.env["event.event"].union(
            *(
                self.create_event("training", days=-9, name="Vie commune", pope_program_id=self.program.id)
                for _each in range(number)
            )
        )
        create("pope.training.slot", [{"event_id": event.id, "date": today - timedelta(9)} for event in sessions])
        enrolments = self.env["pope.training.enrolment"]
        for event in sessions:
            enrolments |= self.enrolments(self.register(event, self.holders[0]))
        enrolments.attendance_ids._set_status("present", 0, mode="device", author="Odile")
        payer = {"scheme_id": self.env.ref("pope_training.scheme_employeur_prive").id, "partner_id": self.partner.id}
        create("pope.training.financing", [{"enrolment_id": row.id, **payer} for row in enrolments])
        rule = self.env.ref("pope_training.evidence_rule_9_rules").id
        many = {
            "pope.intake": {"name": "Sonia", "state": "to_sort"},
            "pope.quality.evidence": {"name": "Règlement", "rule_id": rule, "date": old, "date_expiry": soon},
            "pope.quality.feedback": {"name": "Salle froide", "date": old},
            "pope.trainer.paper": {"partner_id": self.partner.id, "kind": "diploma", "date": old, "date_expiry": soon},
            "pope.training.agreement": {"event_id": sessions[0].id, "partner_id": self.partner.id},
            "pope.financial.summary": {"name": "Synthèse", "kind": "caf"},
            "pope.budget": {"name": "Budget", "kind": "year", "date_from": today, "date_to": soon},
            "pope.loan": {
                "name": "Prêt",
                "partner_id": self.partner.id,
                "amount": 1000,
                "date_start": old,
                "months": 10,
                "state": "granted",
            },
            "pope.funding": {
                "name": "Soutien",
                "partner_id": self.partner.id,
                "scheme_id": self.scheme.id,
                "state": "awarded",
                "date_from": old,
                "date_to": soon,
            },
        }
        made = {model: create(model, [values] * number) for model, values in many.items()}
        made["pope.training.agreement"].write({"state": "sent"})
        owed = [{"funding_id": funding.id, "amount": 500, "date_expected": old} for funding in made["pope.funding"]]
        create("pope.funding.instalment", owed)
        due = {"name": "Bilan", "anchor": "given", "date_due": old}
        create("pope.funding.obligation", [{"funding_id": funding.id, **due} for funding in made["pope.funding"]])
        report = {"name": "Compte rendu", "kind": "cerfa_15059"}
        create("pope.financial.summary", [{"funding_id": funding.id, **report} for funding in made["pope.funding"]])
        returns = self.env["pope.bpf"].search_count([])
        create("pope.bpf", [self.year(2010 - returns - each) for each in range(number)])
        late = self.env["crm.lead"].union(*(self.create_project(f"MAM {each}") for each in range(number)))
        late.date_last_stage_update = fields.Datetime.now() - timedelta(days=60)
        opened = {"stage_id": self.stage_open.id, "pope_places": 12, "pope_childminder_count": 3}
        for each in range(number):
            self.create_project(f"MAM ouverte {each}", pope_opening_date=today - timedelta(days=100), **opened)
            project = self.create_project(f"Café {each}")
            project._pope_close(self.env.ref("pope_crm.lost_reason_training"))
            late[each].activity_schedule("mail.mail_activity_data_call", today, summary="Rappeler", user_id=mine)
        paths = create("crm.lead", [{"type": "path", "partner_id": person.id} for person in self.people(number)])
        paths.pope_path_attended_date = old - timedelta(days=400)
        create(
            "pope.notification",
            [
                {
                    "rule_id": self.env["pope.notification.rule"]._for_trigger("date", "outcome")[:1].id,
                    "company_id": self.company.id,
                    "partner_id": self.holders[0].id,
                    "state": state,
                    "reason": reason,
                    "date_planned": self.now,
                }
                for state, reason in (("in_doubt", False), ("planned", "no_hours"))
                for _each in range(number)
            ],
        )
        self.env.flush_all()

    def year(self, year):
        return {"date_from": f"{year}-01-01", "date_to": f"{year}-12-31"}

    def people(self, number):
        return self._create("res.partner", [{"name": f"Personne {each}"} for each in range(number)])

    def _create(self, model, vals_list):
        field = self.env[model]._fields.get("company_id")
        own = {"company_id": self.company.id} if field and field.required else {}
        return self.env[model].create([{**own, **values} for values in vals_list])

    def cost(self):
        self.Todo.get_cards()  # a first page fills what is kept in memory between requests
        self.env.flush_all()
        self.env.invalidate_all()
        start = self.env.cr.sql_log_count
        self.Todo.get_cards()
        return self.env.cr.sql_log_count - start

    def test_all_that_waits_costs_15_queries_at_most_and_opens_its_list(self):
        self.make_all_wait(1)
        one = self.cost()
        self.assertLessEqual(one, 15)
        self.make_all_wait(6)
        self.assertEqual(self.cost(), one)
        self.assertEqual(TITLES, set(self.lists()))
        page = self.Todo.get_cards()["cards"]
        self.assertEqual([card["title"] for card in page if not card["model"]], ["Formation et qualité", "Finances"])

    def test_nobody_sees_what_they_may_not_read(self):
        other = self.env["res.company"].create({"name": "Autre pôle"})
        evidence = self._create(
            "pope.quality.evidence",
            [
                {
                    "name": "Règlement",
                    "rule_id": self.env.ref("pope_training.evidence_rule_9_rules").id,
                    "date": self.today() - timedelta(90),
                    "date_expiry": self.today() + timedelta(days),
                    "company_id": company.id,
                }
                for company, days in ((self.company, 60), (self.company, 61), (other, 10))
            ],
        )
        card = self.lists()["Preuves qui expirent"]
        shown = self.env["pope.quality.evidence"].with_user(self.user_pope).search(card["action"]["domain"])
        self.assertEqual(shown & evidence, evidence[0])
        stranger = self._new_user("stranger", "base.group_user")
        self.assertEqual(self.env["pope.todo"].with_user(stranger).get_cards(), {"cards": [], "next": False})
