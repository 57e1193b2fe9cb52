"""The figures of career paths, in SQL written by hand: what our page is measured against."""

DAYS = """
    SELECT path.partner_id, COALESCE(path.pope_town_id, person.pope_town_id) AS town, person.pope_gender AS gender,
           COALESCE(answer.state, 'unchecked') AS district, person.pope_prescriber_id AS prescriber,
           CASE WHEN COALESCE(person.pope_birth_year, 0) = 0 THEN NULL
                ELSE EXTRACT(YEAR FROM path.pope_path_attended_date) - person.pope_birth_year END AS age,
           path.pope_path_attended_date AS attended, path.pope_path_positioned_date AS positioned,
           training.entered, LEAST(training.obtained, news.obtained) AS diplomas, news.jobs_6, news.jobs_12
      FROM crm_lead path
      JOIN res_partner person ON person.id = path.partner_id
 LEFT JOIN pope_district_answer answer ON answer.id = person.pope_district_answer_id
 LEFT JOIN (SELECT lead_id, MIN(date_entered) AS entered,
                   MIN(date_result) FILTER (WHERE result = 'obtained') AS obtained
              FROM pope_path_training GROUP BY lead_id) training ON training.lead_id = path.id
 LEFT JOIN (SELECT lead_id, MIN(date_answer) FILTER (WHERE has_diploma) AS obtained,
                   MIN(date_due) FILTER (WHERE months = 6 AND situation IN ('job', 'other_job')) AS jobs_6,
                   MIN(date_due) FILTER (WHERE months = 12 AND situation IN ('job', 'other_job')) AS jobs_12
              FROM pope_path_outcome WHERE state = 'answered' GROUP BY lead_id) news ON news.lead_id = path.id
     WHERE path.type = 'path' AND path.company_id = %(company)s
"""
STEPS = ("attended", "positioned", "entered", "diplomas", "jobs_6", "jobs_12")


def read(cr, company, year):
    """:return: persons of the year by step; the tables are read and left"""
    values = {"company": company, "start": f"{year}-01-01", "end": f"{year}-12-31"}
    counts = ", ".join(
        f"COUNT(DISTINCT partner_id) FILTER (WHERE {step} BETWEEN %(start)s AND %(end)s)" for step in STEPS
    )
    within = " OR ".join(f"{step} BETWEEN %(start)s AND %(end)s" for step in STEPS)
    cr.execute(f"SELECT {counts} FROM ({DAYS}) path WHERE {within}", values)
    persons = dict(zip(STEPS, cr.fetchone(), strict=True))
    for down in (
        "town",
        "district",
        "gender",
        "age",
        "prescriber",
        "town, district",
        "gender, age",
        "prescriber, district",
    ):
        cr.execute(f"SELECT {down}, {counts} FROM ({DAYS}) path WHERE {within} GROUP BY {down}", values)
        cr.fetchall()
    return persons
