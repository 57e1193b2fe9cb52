from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.pope_crm.controllers.personal_link import personal_link
from odoo.addons.pope_crm.core.form_text import texts
from odoo.addons.pope_crm.models.pope_intake_form import TooManyMessages

# The link itself lets in, no cookie does: there is no request to forge in somebody's name. What a phone kept without
# network comes hours later, when the token of a form would be too old.
PAGE = {
    "type": "http",
    "auth": "public",
    "methods": ["GET", "POST"],
    "sitemap": False,
    "csrf": False,
    "save_session": False,
}


class AttendancePage(http.Controller):
    """Where attendance is signed: by people from their own link, by who trains, and the door of the session."""

    @http.route("/pope/emargement/<string:token>", **PAGE)
    @personal_link
    def trainee(self, token, **form):
        enrolment = request.env["pope.training.enrolment"]._find_by_sign_token(token)
        if not enrolment:
            return self._unknown(form)
        enrolment = self._speak(enrolment, enrolment.partner_id.lang, enrolment.company_id)
        form, said, errors = texts(form), None, []
        if request.httprequest.method == "POST":
            said, errors, status = self._answer(
                lambda: self._signed(enrolment._sign_half_day(form, **self._trace())), enrolment
            )
            if form.get("format") == "json":
                return self._json(said, errors, status)
        values = {**enrolment._sign_page(form), "form": form, "said": said, "errors": errors}
        return self._page("pope_training.page_sign", values)

    @http.route("/pope/emargement/seance/<string:token>", **PAGE)
    @personal_link
    def door(self, token, **form):
        event = request.env["event.event"]._pope_find_by_door(token)
        if not event:
            return self._unknown(form)
        event = self._speak(event, event.company_id.partner_id.lang, event.company_id)
        form, errors = texts(form), []
        enrolments = request.env["pope.training.enrolment"]._who_may_sign(event)
        if request.httprequest.method == "POST" and form.get("code"):
            if found := enrolments._by_code(form.get("email"), form["code"]):
                return request.redirect(found._sign_url(), code=303, local=False)
            errors = [event.env._("This code is not right, or too old. Ask for another one.")]
        elif request.httprequest.method == "POST":
            enrolments._ask_code(form.get("email"))
        values = {"event": event, "company": event.company_id or request.env.company, "form": form, "errors": errors}
        return self._page("pope_training.page_sign_door", values)

    @http.route("/pope/emargement/animation/<string:token>", **PAGE)
    @personal_link
    def trainer(self, token, **form):
        event, partner = request.env["event.event"]._pope_find_by_trainer(token)
        if not event:
            return self._unknown(form)
        event = self._speak(event, partner.lang, event.company_id)
        form, said, errors = texts(form), None, []
        if request.httprequest.method == "POST":
            done = {
                "noted": event.env._("It is noted."),
                "sealed": event.env._("The half-day is certified and sealed."),
            }
            said, errors, status = self._answer(
                lambda: done[event._pope_trainer_answer(partner, form, **self._trace())]
            )
            if form.get("format") == "json":
                return self._json(said, errors, status)
        values = {**event._pope_trainer_page(partner, form), "token": token, "said": said, "errors": errors}
        return self._page("pope_training.page_sign_trainer", {**values, "form": form})

    @http.route("/pope/emargement/animation/<string:token>/<int:row_id>", **PAGE)
    @personal_link
    def device(self, token, row_id, **form):
        event, partner = request.env["event.event"]._pope_find_by_trainer(token)
        row = event._pope_slots_of(partner).attendance_ids.filtered(lambda row: row.id == row_id)
        if not row:
            return self._unknown(form)
        row = self._speak(row, partner.lang, event.company_id)
        form, said, errors = texts(form), None, []
        if request.httprequest.method == "POST":
            said, errors, status = self._answer(
                lambda: self._signed((row, row._sign(form, "device", **self._trace()))), row.enrolment_id
            )
            if form.get("format") == "json":
                return self._json(said, errors, status)
        values = {"row": row, "event": row.event_id, "company": row.company_id or request.env.company, "token": token}
        values |= {"state": row._sign_state(), "form": form, "said": said, "errors": errors}
        return self._page("pope_training.page_sign_device", values)

    # --- What they share ---

    def _speak(self, record, lang, company):
        """The record in the language of who reads the page."""
        lang = lang or company.partner_id.lang or request.env.lang
        request.update_context(lang=lang)
        return record.with_context(lang=lang)

    def _trace(self):
        return {"ip": request.httprequest.remote_addr, "user_agent": request.httprequest.user_agent.string}

    def _answer(self, do, enrolment=None):
        """Do it, or say what the person should do instead.

        :return: what to say, what went wrong, the status of the page
        """
        try:
            with request.env.cr.savepoint():
                return do(), [], 200
        except UserError as error:
            if isinstance(error, TooManyMessages):
                return None, [error.args[0]], 429
            if enrolment:
                enrolment._note_refusal()
            return None, error.args[0].split("\n"), 200

    def _signed(self, signed):
        row, new = signed
        env = row.env
        if not row:
            return env._("This half-day is not yours any more. We have told the team: they will call you.")
        return (
            env._("Thank you, it is signed.") if new else env._("It was signed already. You have nothing more to do.")
        )

    def _json(self, said, errors, status):
        state = "unknown" if status == 404 else "refused" if errors else "signed"
        answer = {"state": state, "message": " ".join(errors) or said}
        return request.make_json_response(answer, status=status)

    def _unknown(self, form):
        if form.get("format") == "json":
            said = request.env._(
                "This link is too old. Ask us for another one: what you signed is still on your phone."
            )
            return self._json(None, [said], 404)
        return request.render("pope_crm.page_unknown", status=404)

    def _page(self, template, values):
        return request.render(template, values)
