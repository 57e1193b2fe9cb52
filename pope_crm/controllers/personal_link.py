import functools

from odoo.http import request

from ..core.page_limit import PageLimit

HOURLY_OPENINGS = 600  # the door of a session is opened by all who come
opened = PageLimit(HOURLY_OPENINGS, 3600)


def personal_link(page):
    """A page whose address ends with somebody's token: a link that is opened all the time waits an hour.

    What is no link of ours is not counted: it costs a signature to check, and says nothing.
    """

    @functools.wraps(page)
    def limited(self, token, *args, **form):
        if opened.is_over(token):
            return request.render("pope_crm.page_too_often", status=429)
        answer = page(self, token, *args, **form)
        if answer.status_code != 404:
            opened.note(token)
        return answer

    return limited
