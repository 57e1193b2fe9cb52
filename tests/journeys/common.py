"""What the journeys share: a browser driven by a short script, as a member of the team, in French.

A script is JavaScript with these words: `find(selector, text)` waits for an element that is seen, `click`, `write`
(into a field), `choose` (a proposal of a field that searches), `drag` (an element onto another), `gone` (waits until it
is not seen). It ends well when it reaches its end; an error on the browser's console makes the test fail.
"""

import io

from odoo.tests import HttpCase
from odoo.tools.pdf import OdooPdfFileReader

from ..common import NotificationCase

WORDS = """
const pause = (time = 100) => new Promise((resolve) => setTimeout(resolve, time));
const says = (text, words) => (text || "").toLowerCase().includes(words.toLowerCase());
const seen = (selector, text) => [...document.querySelectorAll(selector)].find(
    (el) => el.getClientRects().length && (!text || says(el.innerText, text) || says(el.value, text))
);
const find = async (selector, text) => {
    for (let attempt = 0; attempt < 120; attempt++) {
        const found = seen(selector, text);
        if (found) { return found; }
        await pause();
    }
    throw new Error(`not found: ${selector} ${text || ""} in ${document.body.innerText.slice(0, 1500)}`);
};
const gone = async (selector, text) => {
    for (let attempt = 0; attempt < 120; attempt++) {
        if (!seen(selector, text)) { return; }
        await pause();
    }
    throw new Error(`still there: ${selector} ${text || ""}`);
};
const click = async (selector, text) => {
    // buttons rest while the action of another one ends
    let target = await find(selector, text);
    for (let attempt = 0; attempt < 120 && target.disabled; attempt++) {
        await pause();
        target = await find(selector, text);
    }
    target.click();
    await pause(50);
};
const write = async (selector, value) => {
    const input = await find(selector);
    input.focus();
    input.value = value;
    input.dispatchEvent(new InputEvent("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
    await pause(50);
};
const choose = async (selector, typed, proposal) => {
    // an onchange that comes back meanwhile closes the proposals: type again
    for (let attempt = 0; attempt < 6 && !seen(".o-autocomplete--dropdown-item a", proposal); attempt++) {
        const input = await find(selector);
        input.focus();
        input.click();
        input.value = typed;
        input.dispatchEvent(new InputEvent("input", { bubbles: true }));
        for (let wait = 0; wait < 20 && !seen(".o-autocomplete--dropdown-item a", proposal); wait++) { await pause(); }
    }
    await click(".o-autocomplete--dropdown-item a", proposal);
    await pause(300);
    if (seen(".o-autocomplete--dropdown-menu")) {  // what was typed first answered last
        document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
        document.activeElement.blur();
    }
    await gone(".o-autocomplete--dropdown-menu");
};
const middle = (el) => {
    const box = el.getBoundingClientRect();
    return { clientX: box.x + box.width / 2, clientY: box.y + Math.min(box.height / 2, 60) };
};
const drag = async (element, target) => {
    const point = (name, el, at) => el.dispatchEvent(new PointerEvent(name, {
        bubbles: true, cancelable: true, composed: true, pointerType: "mouse", buttons: 1, isPrimary: true, ...at,
    }));
    const from = middle(element);
    point("pointerdown", element, from);
    point("pointermove", element, { clientX: from.clientX + 15, clientY: from.clientY + 15 });
    await pause();
    target.scrollIntoView({ inline: "center", block: "nearest" });
    await pause();
    point("pointermove", target, middle(target));
    point("pointerenter", target, middle(target));
    await pause();
    point("pointermove", target, middle(target));
    point("pointerup", target, middle(target));
    await pause(300);
};
const main = async () => {
%s
};
main().then(() => console.log("test successful")).catch((error) => console.error(String(error)));
"""


class JourneyCase(NotificationCase, HttpCase):
    def walk(self, address, script, login="pope_user", ready="document.readyState === 'complete'"):
        """Open an address and follow a script there; the transaction then shows what the user did."""
        self.browser_js(address, WORDS % script, ready, login=login, timeout=60)
        self.env.invalidate_all()

    def pdf_words(self, content):
        """The text of a PDF that was printed, its words parted by one space."""
        pages = OdooPdfFileReader(io.BytesIO(content), strict=False).pages
        return " ".join(" ".join(page.extract_text() for page in pages).replace("\xa0", " ").split())
