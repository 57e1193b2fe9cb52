import base64
import functools

from odoo.http import request

from ..core.page_limit import PageLimit

HOURLY_OPENINGS = 600  # the door of a session is opened by all who come
opened = PageLimit(HOURLY_OPENINGS, 3600)
# a personal page is kept by nobody, told to no other site and found by no search
HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}


def personal_link(page):
    """A page whose address ends with somebody's token: a link that is opened all the time waits an hour.

    What is no link of ours is not counted: it costs a signature to check, and says nothing.
    """

    @functools.wraps(page)
    def limited(self, token, *args, **form):
        link = _read(token)
        if opened.is_over(link):
            answer = request.render("pope_crm.page_too_often", status=429)
        else:
            answer = page(self, token, *args, **form)
            if answer.status_code != 404:
                opened.note(link)
        answer.headers.update(HEADERS)
        return answer

    return limited


def _read(token):
    """What a token says: the same link is written in many ways, with signs that reading it passes over."""
    try:
        return base64.urlsafe_b64decode(token.encode() + b"===")
    except ValueError:
        return token
