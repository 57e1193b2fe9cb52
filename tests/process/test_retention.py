"""Anonymising on real processes: killed anywhere, nobody is left half known."""

import random

from .helpers import stop_processes, wait_until

FILL = """
    people = env["res.partner"].create(
        [
            {
                "pope_first_name": "Awa",
                "pope_last_name": f"Secret{number}",
                "email": f"secret{number}@example.org",
                "pope_phone_ids": [(0, 0, {"number": "0612345678"})],
                "pope_gender": "woman",
            }
            for number in range(COUNT)
        ]
    )
    for person in people:
        person.message_post(body=f"<p>Appel avec {person.name}</p>", message_type="comment")
    env.cr.execute("UPDATE res_partner SET create_date = '2019-01-01' WHERE id IN %s", (tuple(people.ids),))
    env.invalidate_all()
    env["pope.retention.review"].search([]).state = "done"
    review = env["pope.retention.review"]._cron_propose()
    assert review.line_ids.partner_id == people, review.line_ids
    review.action_validate()
"""
RUN = """
    env["pope.retention.review"]._cron_anonymise()
"""
DONE = "SELECT count(*) FROM res_partner WHERE pope_anonymised_date IS NOT NULL"
# what a person still tells, by whether they are said to be anonymised
LEFT = """
    SELECT partner.pope_anonymised_date IS NOT NULL,
           partner.name LIKE '%SECRET%',
           partner.email IS NOT NULL,
           EXISTS (SELECT FROM pope_partner_phone phone WHERE phone.partner_id = partner.id),
           EXISTS (
               SELECT FROM mail_message message
                WHERE message.model = 'res.partner' AND message.res_id = partner.id AND message.body LIKE '%SECRET%'
           ),
           line.is_done IS NOT TRUE
      FROM pope_retention_review_line line
      JOIN res_partner partner ON partner.id = line.partner_id
     WHERE line.review_id = (SELECT max(id) FROM pope_retention_review)
"""


def test_killed_while_anonymising_leaves_nobody_half_known(database):
    count = 60
    database.script(FILL.replace("COUNT", str(count)))
    draw = random.Random(4)
    for target in sorted(draw.sample(range(1, count - 5), 2)):
        worker = database.start_script(RUN)
        wait_until(
            lambda target=target, worker=worker: database.query(DONE)[0][0] >= target or worker.poll() is not None,
            100,
            0.01,
        )
        stop_processes(worker)
        rows = database.query(LEFT)
        assert len(rows) == count
        for anonymised, *told in rows:
            assert told == [not anonymised] * 5
    assert 0 < database.query(DONE)[0][0] < count, "killed on the way"
    database.script(RUN)
    assert {row[0] for row in database.query(LEFT)} == {True}
    assert database.query("SELECT DISTINCT state FROM pope_retention_review") == [("done",)]
