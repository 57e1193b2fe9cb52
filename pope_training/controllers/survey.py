from odoo import http
from odoo.http import request

from odoo.addons.survey.controllers.main import Survey

TYPED = "pope_typed_answers"  # of the session: the answers on paper that its user opened to type them


class PaperPage(http.Controller):
    """The page of who wrote on paper, opened by who types it for them."""

    @http.route("/pope/enquete/papier/<int:answer_id>", type="http", auth="user", methods=["GET"], sitemap=False)
    def type_paper(self, answer_id):
        answer = request.env["survey.user_input"]
        if answer.has_access("read"):
            answer = answer.search([("id", "=", answer_id), ("pope_kind", "!=", False)])
        if not answer:
            return request.render("pope_crm.page_unknown", status=404)
        request.session[TYPED] = [*request.session.get(TYPED, ()), answer.id]
        # sudo: the address of the page; who opens it may read the answer
        return request.redirect(answer.sudo().get_start_url())


class SurveyPage(Survey):
    """The link of a survey of ours lets in whoever holds it, also on a phone where somebody else is logged in, and the
    team that types what was written on paper. An answer counts once, whoever fills it in."""

    def _check_validity(self, survey_sudo, answer_sudo, answer_token, ensure_token=True, check_partner=True):
        held = bool(answer_token and answer_sudo.pope_kind)
        return super()._check_validity(
            survey_sudo, answer_sudo, answer_token, ensure_token=ensure_token, check_partner=check_partner and not held
        )

    @http.route()
    def survey_submit(self, survey_token, answer_token, **post):
        access = self._get_access_data(survey_token, answer_token, ensure_token=True)
        answer = access["answer_sudo"]
        if access["validity_code"] is not True or not answer.pope_kind:
            return super().survey_submit(survey_token, answer_token, **post)
        if answer.state == "done":
            told = answer.with_context(pope_too_late=True)
            return {}, self._prepare_question_html(access["survey_sudo"], told)
        result = super().survey_submit(survey_token, answer_token, **post)
        if answer.state == "done" and answer.id in request.session.get(TYPED, ()):
            answer._pope_note_paper(request.env.user)
            return {}, self._prepare_question_html(access["survey_sudo"], answer)
        return result

    def _prepare_survey_finished_values(self, survey, answer, token=False):
        values = super()._prepare_survey_finished_values(survey, answer, token=token)
        if answer.pope_kind:
            told = answer.with_context(lang=answer.lang_id.code or request.env.lang)
            values["pope_note"] = told._pope_done_note(answer.env.context.get("pope_too_late"))
            if answer.id in request.session.get(TYPED, ()):
                trainee = answer.pope_enrolment_id
                values["pope_back"] = f"/odoo/stagiaires/{trainee.id}" if trainee else "/odoo/enquetes"
        return values
