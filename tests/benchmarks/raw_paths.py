"""The figures of career paths, in SQL written by hand: what our page is measured against."""

QUERY = """
WITH path AS (
    SELECT path.id, path.partner_id, COALESCE(path.pope_town_id, person.pope_town_id) AS town,
           person.pope_gender AS gender, COALESCE(answer.state, 'unchecked') AS district,
           person.pope_prescriber_id AS prescriber,
           CASE WHEN COALESCE(person.pope_birth_year, 0) > 0
                THEN width_bucket(EXTRACT(YEAR FROM path.pope_path_attended_date)::int - person.pope_birth_year,
                                  ARRAY[6, 16, 18, 26, 65]) END AS age,
           path.pope_path_attended_date AS attended, path.pope_path_positioned_date AS positioned
      FROM crm_lead path
      JOIN res_partner person ON person.id = path.partner_id
 LEFT JOIN pope_district_answer answer ON answer.id = person.pope_district_answer_id
     WHERE path.type = 'path' AND path.company_id = %(company)s
), training AS (
    SELECT lead_id, MIN(date_entered) AS entered, MIN(date_result) FILTER (WHERE result = 'obtained') AS obtained
      FROM pope_path_training GROUP BY lead_id
), news AS (
    SELECT lead_id, MIN(date_answer) FILTER (WHERE has_diploma) AS obtained,
           MIN(date_due) FILTER (WHERE months = 6 AND situation IN ('job', 'other_job')) AS jobs_6,
           MIN(date_due) FILTER (WHERE months = 12 AND situation IN ('job', 'other_job')) AS jobs_12
      FROM pope_path_outcome WHERE state = 'answered' GROUP BY lead_id
), day AS (
    SELECT path.*, training.entered, LEAST(training.obtained, news.obtained) AS diplomas, news.jobs_6, news.jobs_12
      FROM path
 LEFT JOIN training ON training.lead_id = path.id
 LEFT JOIN news ON news.lead_id = path.id
), fact AS (  -- a row a path, with what it did in the year
    SELECT partner_id, town, gender, district, prescriber, age,
           attended BETWEEN %(start)s AND %(end)s AS attended, positioned BETWEEN %(start)s AND %(end)s AS positioned,
           entered BETWEEN %(start)s AND %(end)s AS entered, diplomas BETWEEN %(start)s AND %(end)s AS diplomas,
           jobs_6 BETWEEN %(start)s AND %(end)s AS jobs_6, jobs_12 BETWEEN %(start)s AND %(end)s AS jobs_12
      FROM day
     WHERE attended BETWEEN %(start)s AND %(end)s OR positioned BETWEEN %(start)s AND %(end)s
        OR entered BETWEEN %(start)s AND %(end)s OR diplomas BETWEEN %(start)s AND %(end)s
        OR jobs_6 BETWEEN %(start)s AND %(end)s OR jobs_12 BETWEEN %(start)s AND %(end)s
)
SELECT GROUPING(town, district, gender, age, prescriber), town, district, gender, age, prescriber,
       COUNT(DISTINCT partner_id) FILTER (WHERE attended), COUNT(DISTINCT partner_id) FILTER (WHERE positioned),
       COUNT(DISTINCT partner_id) FILTER (WHERE entered), COUNT(DISTINCT partner_id) FILTER (WHERE diplomas),
       COUNT(DISTINCT partner_id) FILTER (WHERE jobs_6), COUNT(DISTINCT partner_id) FILTER (WHERE jobs_12)
  FROM fact
 GROUP BY GROUPING SETS ((), (town), (district), (gender), (age), (prescriber),
                         (town, district), (gender, age), (prescriber, district))
"""
STEPS = ("attended", "positioned", "entered", "diplomas", "jobs_6", "jobs_12")


def read(cr, company, year):
    """:return: persons of the year by step; the tables are read and left"""
    cr.execute(QUERY, {"company": company, "start": f"{year}-01-01", "end": f"{year}-12-31"})
    whole = max(cr.fetchall(), key=lambda row: row[0])
    return dict(zip(STEPS, whole[-6:], strict=True))
