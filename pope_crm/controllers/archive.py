from werkzeug.wsgi import wrap_file

from odoo.http import content_disposition, request


def archive_answer(name, stream):
    """The answer that sends a zip as it is read, and is never shown in the browser."""
    headers = [
        ("Content-Type", "application/zip"),
        ("Content-Disposition", content_disposition(name)),
        ("X-Content-Type-Options", "nosniff"),
    ]
    answer = request.make_response(wrap_file(request.httprequest.environ, stream), headers)
    answer.direct_passthrough = True
    return answer
