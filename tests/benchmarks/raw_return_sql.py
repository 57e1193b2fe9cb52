"""The training and financial return as one would write it by hand, in SQL, timed beside ours; nothing else uses it."""

PEOPLE = """
SELECT event.pope_session_type, event.pope_bpf_body_id IS NOT NULL, enrolment.bpf_status, program.bpf_objective,
       program.bpf_level, nsf.code, nsf.name, count(DISTINCT row.enrolment_id), sum(row.minutes_attended)
  FROM pope_attendance row
  JOIN pope_training_enrolment enrolment ON enrolment.id = row.enrolment_id
  JOIN event_event event ON event.id = row.event_id AND event.pope_kind = 'training'
  LEFT JOIN pope_training_program program ON program.id = event.pope_program_id
  LEFT JOIN pope_training_nsf nsf ON nsf.id = program.nsf_id
 WHERE row.company_id = %(company)s AND row.minutes_attended > 0 AND program.outside_bpf IS NOT TRUE
   AND row.date_begin >= %(start)s AND row.date_begin < %(end)s
 GROUP BY 1, 2, 3, 4, 5, 6, 7
"""
TRAINERS = """
SELECT slot.trainer_id, partner.pope_is_subcontractor, event.pope_bpf_body_id, slot.is_remote, sum(slot.hours)
  FROM pope_training_slot slot
  JOIN event_event event ON event.id = slot.event_id AND event.pope_kind = 'training'
  LEFT JOIN pope_training_program program ON program.id = event.pope_program_id
  LEFT JOIN res_partner partner ON partner.id = slot.trainer_id
 WHERE slot.company_id = %(company)s AND slot.date BETWEEN %(start)s AND %(last)s AND program.outside_bpf IS NOT TRUE
   AND EXISTS (SELECT FROM pope_attendance row
                WHERE row.slot_id = slot.id AND row.status IN ('present', 'late', 'left_early'))
 GROUP BY 1, 2, 3, 4
"""
INVOICES = """
SELECT account.code_store ->> %(root)s, scheme.bpf_line, sum(-item.balance)
  FROM account_move_line item
  JOIN account_account account ON account.id = item.account_id AND account.account_type LIKE 'income%%'
  JOIN pope_training_financing financing ON financing.id = item.pope_financing_id
  JOIN pope_training_scheme scheme ON scheme.id = financing.scheme_id
  JOIN event_event event ON event.id = financing.event_id
  LEFT JOIN pope_training_program program ON program.id = event.pope_program_id
 WHERE item.company_id = %(company)s AND item.parent_state = 'posted' AND item.date BETWEEN %(start)s AND %(last)s
 GROUP BY 1, 2
"""
BALANCES = """
SELECT account.code_store ->> %(root)s, sum(item.balance)
  FROM account_move_line item JOIN account_account account ON account.id = item.account_id
 WHERE item.company_id = %(company)s AND item.parent_state = 'posted' AND item.date BETWEEN %(start)s AND %(last)s
 GROUP BY 1
"""
# what is missing
GAPS = (
    """
    SELECT enrolment.id, enrolment.bpf_status
      FROM pope_training_enrolment enrolment JOIN event_event event ON event.id = enrolment.event_id
     WHERE event.pope_session_type != 'other_body'
       AND NOT EXISTS (SELECT FROM pope_training_financing line WHERE line.enrolment_id = enrolment.id)
       AND EXISTS (SELECT FROM pope_attendance row
                    WHERE row.enrolment_id = enrolment.id AND row.company_id = %(company)s
                      AND row.minutes_attended > 0 AND row.date_begin >= %(start)s AND row.date_begin < %(end)s)
    """,
    """
    SELECT slot.id, slot.trainer_id
      FROM pope_training_slot slot JOIN event_event event ON event.id = slot.event_id AND event.pope_kind = 'training'
     WHERE slot.company_id = %(company)s AND slot.date BETWEEN %(start)s AND %(last)s AND slot.state = 'planned'
       AND (slot.trainer_id IS NULL
            OR EXISTS (SELECT FROM pope_attendance row WHERE row.slot_id = slot.id AND row.status = 'todo'))
    """,
    "SELECT funding_id FROM pope_funding_account_move_rel",
    "SELECT id, amount_awarded, bpf_line FROM pope_funding WHERE company_id = %(company)s AND training_rate > 0",
    "SELECT id, date_from, date_to FROM pope_books WHERE company_id = %(company)s AND state = 'accepted'",
)


def read(cursor, company, root, year):
    """
    :return: dict line → the figure that the screen tells, of a few lines
    """
    values = {
        "company": company,
        "root": str(root),
        "start": f"{year}-01-01",
        "last": f"{year}-12-31",
        "end": f"{year + 1}-01-01",
    }

    def rows(query):
        cursor.execute(query, values)
        return cursor.fetchall()

    people = [row for row in rows(PEOPLE) if row[0] != "other_body"]
    own = [row for row in rows(TRAINERS) if row[0] and not row[1] and not row[2]]
    invoices, _balances = rows(INVOICES), rows(BALANCES)
    for query in GAPS:
        rows(query)

    def told(found):
        return {"amount": None, "count": sum(row[7] for row in found), "minutes": sum(row[8] for row in found)}

    return {
        "F1": told(people),
        "F1a": told([row for row in people if row[2] == "a"]),
        "E1": {
            "amount": None,
            "count": len({row[0] for row in own}),
            "minutes": round(sum(row[4] for row in own) * 60),
        },
        "C1": {
            "amount": round(float(sum(row[2] for row in invoices if row[1] == "C1")), 2),
            "count": None,
            "minutes": None,
        },
    }
