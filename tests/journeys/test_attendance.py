"""Attendance on a phone of 360 points, with a finger, with a keyboard, and with the network cut and back."""

import base64
import json
import os
import time
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged, test_cursor
from odoo.tests.common import ChromeBrowser

from .attendance import AttendanceMixin
from .common import JourneyCase

OFFLINE = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
STROKE = [(40, 90), (90, 20), (150, 100), (220, 30), (270, 80)]  # in the frame


class Phone:
    """A browser that is touched, and whose network is cut, as a person and a cellar do it."""

    def __init__(self, case):
        self.case, self.browser = case, ChromeBrowser(case)
        self.send("Network.enable")

    def send(self, method, **params):
        return self.browser._websocket_request(method, params=params)

    def run(self, expression):
        answer = self.send("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise AssertionError(answer["exceptionDetails"])
        return answer["result"].get("value")

    def open(self, address):
        self.browser.navigate_to(self.case.base_url() + address, wait_stop=True)

    def network(self, works):
        self.send("Network.emulateNetworkConditions", offline=not works, **OFFLINE)

    def wait(self, expression, seconds=30):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if value := self.run(expression):
                return value
            time.sleep(0.1)
        raise AssertionError(f"{expression}: {self.run('document.body.innerText')}")

    def wait_for(self, words):
        self.wait(f"document.body && document.body.innerText.replaceAll('’', \"'\").includes({json.dumps(words)})")

    def draw(self):
        self.wait("Boolean(document.querySelector('.frame:not([hidden]) canvas'))")
        self.run("document.querySelector('canvas').scrollIntoView({block: 'center'})")
        box = json.loads(self.run("JSON.stringify(document.querySelector('canvas').getBoundingClientRect())"))
        points = [{"x": box["x"] + x, "y": box["y"] + y} for x, y in STROKE]
        self.send("Input.dispatchTouchEvent", type="touchStart", touchPoints=points[:1])
        for point in points[1:]:
            self.send("Input.dispatchTouchEvent", type="touchMove", touchPoints=[point])
        self.send("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])

    def tap(self, selector):
        """The browser makes no click of a touch that follows a drawn one by the same protocol: a pointer does it."""
        self.run(f"document.querySelector({json.dumps(selector)}).scrollIntoView({{block: 'center'}})")
        box = json.loads(
            self.run(f"JSON.stringify(document.querySelector({json.dumps(selector)}).getBoundingClientRect())")
        )
        middle = {
            "x": box["x"] + box["width"] / 2,
            "y": box["y"] + box["height"] / 2,
            "button": "left",
            "clickCount": 1,
        }
        for kind in ("mousePressed", "mouseReleased"):
            self.send("Input.dispatchMouseEvent", type=kind, **middle)

    def press(self, key, code=None):
        values = {"key": key, "code": key, "windowsVirtualKeyCode": code or 0}
        text = {"text": "\r"} if key == "Enter" else {}
        self.send("Input.dispatchKeyEvent", type="keyDown", **values, **text)
        self.send("Input.dispatchKeyEvent", type="keyUp", **values)

    def kept(self):
        return self.run("Object.keys(localStorage).filter((name) => name.startsWith('pope.sign.')).length")

    def picture(self, name):
        if folder := os.environ.get("POPE_PICTURES"):
            shot = self.send("Page.captureScreenshot", captureBeyondViewport=True)
            (Path(folder) / f"{name}.png").write_bytes(base64.b64decode(shot["data"]))


class PhoneCase(AttendanceMixin, JourneyCase):
    browser_size = "360x740"
    touch_enabled = True

    def setUp(self):
        super().setUp()
        self.session, self.row = self.session_to_sign()
        self.address = f"/pope/emargement/{self.row.enrolment_id._sign_token()}"
        self.env.flush_all()
        self.cr.clear()
        self.phone = Phone(self)
        self.addCleanup(self.phone.browser.stop)
        allowed = self.allow_requests(browser=self.phone.browser)
        allowed.__enter__()
        self.addCleanup(allowed.__exit__, None, None, None)

    def signatures(self):
        self.env.invalidate_all()
        return self.row.signature_ids

    def later(self, **delay):
        """The server's clock only: the phone keeps its own."""
        moment = fields.Datetime.now() + timedelta(**delay)
        for cursor in (self.env.cr.__class__, test_cursor.TestCursor):
            clock = patch.object(cursor, "now", lambda cr: moment)
            clock.start()
            self.addCleanup(clock.stop)


@tagged("post_install", "-at_install")
class TestAttendanceJourney(PhoneCase):
    def test_a_finger_signs_once(self):
        phone = self.phone
        phone.open(self.address)
        phone.picture("sign")
        self.assertLessEqual(phone.run("document.documentElement.scrollWidth"), 360)
        small = """[...document.querySelectorAll('button, summary, input:not([type=hidden])')].filter(
            (el) => el.getClientRects().length && el.getBoundingClientRect().height < 44).length"""
        self.assertEqual(phone.run(small), 0, "what is touched is large")
        phone.tap("button[type=submit]")
        phone.wait_for("Signez dans le cadre")
        phone.draw()
        phone.picture("drawn")
        phone.run(
            "document.querySelector('button[type=submit]').click(); document.querySelector('form').requestSubmit()"
        )
        phone.wait_for("c'est signé")
        self.assertEqual(len(self.signatures()), 1)
        self.assertEqual((self.row.status, self.row.mode), ("present", "phone"))
        self.assertLess(abs((self.signatures().date_device - self.signatures().date).total_seconds()), 120)
        self.assertEqual(phone.kept(), 0)
        phone.open(self.address)
        phone.wait_for("C'est signé. Merci")
        phone.picture("signed")

    def test_a_keyboard_signs_without_drawing(self):
        phone = self.phone
        phone.open(self.address)
        phone.run("document.querySelector('summary').focus()")
        phone.press("Enter", 13)
        phone.wait("document.querySelector('details').open")
        phone.press("Tab", 9)
        self.assertEqual(phone.run("document.activeElement.id"), "name")
        phone.send("Input.insertText", text="Awa Diallo")
        phone.press("Enter", 13)
        phone.wait_for("c'est signé")
        self.assertEqual(phone.run("document.activeElement.id"), "said", "a screen reader says it")
        self.assertEqual(self.signatures().method, "name")

    def test_signed_without_network_it_leaves_once_when_the_network_is_back_even_late(self):
        phone = self.phone
        phone.open(self.address)
        phone.wait("Boolean(document.querySelector('.frame:not([hidden])'))")
        phone.network(False)
        phone.draw()
        phone.tap("button[type=submit]")
        phone.wait_for("Enregistré sur votre téléphone, envoyé dès le retour du réseau.")
        phone.picture("offline")
        self.assertEqual((phone.kept(), len(self.signatures())), (1, 0))
        self.later(hours=3)
        phone.network(True)
        phone.wait_for("c'est signé")
        phone.run("dispatchEvent(new Event('online')); dispatchEvent(new Event('online'))")
        self.assertEqual(phone.kept(), 0)
        row = self.signatures()
        self.assertEqual(len(row), 1)
        self.assertEqual((row.is_late, row.is_network, row.reason), (True, True, "réseau"))
        self.assertGreater(row.date - row.date_device, timedelta(hours=2))
        seal = self.env["pope.attendance.seal"]._seal(self.row.slot_id, "window")
        self.assertEqual(seal.signature_ids, row)

    def test_a_page_closed_without_network_sends_when_it_is_opened_again(self):
        phone = self.phone
        phone.open(self.address)
        phone.network(False)
        phone.draw()
        phone.tap("button[type=submit]")
        phone.wait_for("Enregistré sur votre téléphone")
        phone.browser.navigate_to("about:blank", wait_stop=True)
        phone.network(True)
        phone.open(self.address)
        phone.wait_for("Merci")
        phone.wait("!Object.keys(localStorage).some((name) => name.startsWith('pope.sign.'))")
        self.assertEqual(len(self.signatures()), 1)
        self.assertFalse(self.signatures().is_late)

    def test_what_arrived_while_the_answer_was_lost_is_not_signed_twice(self):
        phone = self.phone
        phone.open(self.address)
        phone.run(
            """(() => {
                const real = window.fetch;
                window.fetch = async (...call) => {
                    await real(...call);
                    window.fetch = real;
                    throw new TypeError("cut");
                };
            })()"""
        )
        phone.draw()
        phone.tap("button[type=submit]")
        phone.wait_for("Enregistré sur votre téléphone")
        phone.run("dispatchEvent(new Event('online'))")
        phone.wait_for("C'était déjà signé")
        self.assertEqual((phone.kept(), len(self.signatures())), (0, 1))

    def test_the_trainer_calls_the_roll_has_people_sign_and_certifies(self):
        phone = self.phone
        address = self.session._pope_trainer_url(self.user_pope.partner_id)
        phone.open(address[len(self.session.get_base_url()) :])
        phone.wait_for("Je certifie")
        phone.picture("trainer")
        self.assertLessEqual(phone.run("document.documentElement.scrollWidth"), 360)
        phone.run(f"document.querySelector('a.button[href$=\"/{self.row.id}\"]').click()")
        phone.wait_for("Signez ici")
        self.assertNotIn("Nadia", phone.run("document.body.innerText"))
        phone.draw()
        phone.tap("button[type=submit]")
        phone.wait_for("c'est signé")
        phone.picture("device")
        phone.run("document.querySelector('a.button').click()")
        phone.wait_for("Je certifie")
        nadia = self.session.pope_attendance_ids.filtered(lambda row: row.partner_id.name == "Nadia Benali")
        phone.run(
            f"""(() => {{
                const form = document.querySelector('input[name=row][value="{nadia.id}"]').form;
                form.elements.status.value = "late";
                form.elements.minutes.value = "10";
                form.requestSubmit();
            }})()"""
        )
        phone.wait_for("En retard (10 min)")
        phone.draw()
        phone.run("document.querySelector('form.sign').requestSubmit()")
        phone.wait_for("Scellé le")
        phone.picture("sealed")
        self.env.invalidate_all()
        states = {row.partner_id.name: row.status for row in self.session.pope_attendance_ids}
        self.assertEqual(states, {"Awa Diallo": "present", "Nadia Benali": "late", "Chloé Martin": "absent"})
        self.assertEqual((self.row.mode, self.row.slot_id.seal_ids.kind), ("device", "trainer"))
        self.assertEqual(self.session._pope_attendance_faults(), [])


@tagged("post_install", "-at_install")
class TestAttendanceScreenJourney(AttendanceMixin, JourneyCase):
    def test_the_team_shows_the_code_and_reads_the_grid(self):
        session, row = self.session_to_sign()
        self.walk(
            f"/odoo/sessions/{session.id}",
            """
            await click(".o_form_view button", "Émargement du jour");
            await find(".modal img[alt*='code' i], .modal .o_field_image img");
            await find(".modal", "le QR code seul ne permet pas de signer");
            await click(".modal button", "Fermer");
            await click(".o_notebook .nav-link", "Émargements");
            await find(".o_notebook th", "Awa Diallo");
            await click(".o_notebook button[aria-label*='Awa Diallo']");
            await find(".o_form_view .o_breadcrumb, .o_form_view", "Awa Diallo");
            await click(".o_form_view button", "Présent");
            await find(".o_arrow_button_current, .o_statusbar_status", "Présent");
            """,
        )
        self.assertEqual(row.status, "present")
