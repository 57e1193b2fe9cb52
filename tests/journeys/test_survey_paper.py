"""The team types what a trainee wrote on paper; the trainee's own link then says so."""

from odoo.tests import tagged

from .common import JourneyCase
from .test_session_mail import SessionMixin

FILL = """
await click("button[value=start]");
await click("label", "Un peu");
await click(".o_survey_question_scale label, .o_survey_choice_btn", "4");
await write("textarea", "J'ai gardé trois enfants");
await click("button[value=finish], button[type=submit]");
await click(".modal button", "Soumettre");
await find(".o_survey_finished", "a été saisi par l'équipe");
await find(".o_survey_finished a", "écrans de l'équipe");
"""


@tagged("post_install", "-at_install")
class TestPaperJourney(SessionMixin, JourneyCase):
    def test_what_a_trainee_wrote_on_paper_is_typed(self):
        _session, enrolment, _trainer = self.session_to_come()
        self.assertFalse(enrolment.answer_ids, "nothing was sent yet")
        self.walk(
            f"/odoo/stagiaires/{enrolment.id}",
            """
            let opened;
            navigation.addEventListener("navigate", (event) => {
                if (event.destination.url.includes("/pope/enquete/papier/")) {  // opened just below
                    opened = true;
                    event.preventDefault();
                }
            });
            await click(".nav-link", "Enquêtes");
            await click(".tab-pane.active button", "Saisir une réponse sur papier");
            const kind = await find(".modal [name=kind] input, .modal [name=kind] select");
            if (kind.tagName === "SELECT") {
                kind.value = '"placement"';
                kind.dispatchEvent(new Event("change", { bubbles: true }));
            } else {
                kind.click();
                await click(".o_select_menu_item, .dropdown-item", "Positionnement");
            }
            await click(".modal button[name=action_type]");
            for (let wait = 0; wait < 80 && !opened; wait++) { await pause(); }
            if (!opened) { throw new Error("the page of the survey does not open"); }
            """,
        )
        answer = enrolment.answer_ids
        self.assertEqual((answer.pope_kind, answer.state), ("placement", "new"))
        self.walk(f"/pope/enquete/papier/{answer.id}", FILL)
        self.assertEqual((answer.state, answer.pope_score, answer.pope_is_paper), ("done", 75, True))
        self.assertEqual(answer.pope_typist_id.login, "pope_user")
        self.walk(
            answer.get_start_url(),
            """
            await find(".o_survey_finished", "a été saisi par l'équipe");
            if (seen("button[value=start], button[value=finish]")) { throw new Error("it could be answered again"); }
            """,
            login=None,
        )
        self.walk(
            "/odoo/enquetes", 'await find(".o_data_row .o_boolean_toggle, .o_data_row [name=pope_is_paper] input");'
        )
