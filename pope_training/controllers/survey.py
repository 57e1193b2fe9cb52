from odoo.addons.survey.controllers.main import Survey


class SurveyPage(Survey):
    """The link of a survey of ours lets in whoever holds it, also on a phone where somebody else is logged in, and the
    team that types what was written on paper."""

    def _check_validity(self, survey_sudo, answer_sudo, answer_token, ensure_token=True, check_partner=True):
        held = bool(answer_token and answer_sudo.pope_kind)
        return super()._check_validity(
            survey_sudo, answer_sudo, answer_token, ensure_token=ensure_token, check_partner=check_partner and not held
        )
