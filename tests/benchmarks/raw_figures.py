"""The page of key figures as one would write it in SQL by hand, to be timed beside ours; nothing else uses it."""

ACTS = """
WITH act AS (
    SELECT took_part.partner_id, exchange.date, exchange.lead_id
      FROM pope_interaction exchange
      JOIN pope_interaction_res_partner_rel took_part ON took_part.interaction_id = exchange.id
     WHERE exchange.company_id = %(company)s
 UNION ALL
    SELECT member.partner_id, lead.pope_meeting_date::date, lead.id
      FROM crm_lead lead
      JOIN pope_project_member member
        ON member.lead_id = lead.id
       AND COALESCE(member.date_entry, lead.pope_meeting_date::date) <= lead.pope_meeting_date::date
       AND COALESCE(member.date_exit, lead.pope_meeting_date::date) >= lead.pope_meeting_date::date
     WHERE lead.type = 'project' AND lead.company_id = %(company)s AND lead.pope_meeting_attended
       AND lead.pope_meeting_date IS NOT NULL
       AND NOT EXISTS (SELECT FROM pope_training_enrolment came
                        WHERE came.lead_id = lead.id AND came.state = 'done'
                          AND came.pope_kind = 'information_meeting')
 UNION ALL
    SELECT member.partner_id, GREATEST(lead.pope_accompanied_date, member.date_entry), lead.id
      FROM crm_lead lead
      JOIN crm_stage stage ON stage.id = lead.stage_id AND stage.sequence >= %(diagnosis)s
      JOIN pope_project_member member
        ON member.lead_id = lead.id
       AND COALESCE(member.date_exit, lead.pope_accompanied_date) >= lead.pope_accompanied_date
     WHERE lead.type = 'project' AND lead.company_id = %(company)s AND lead.pope_accompanied_date IS NOT NULL
 UNION ALL
    SELECT enrolment.partner_id, enrolment.date_begin::date, enrolment.lead_id
      FROM pope_training_enrolment enrolment
      JOIN event_registration registration ON registration.id = enrolment.registration_id AND registration.active
 LEFT JOIN crm_lead lead ON lead.id = enrolment.lead_id
     WHERE enrolment.state = 'done' AND enrolment.pope_kind IN ('information_meeting', 'training')
       AND enrolment.partner_id IS NOT NULL
       AND COALESCE(enrolment.company_id, lead.company_id) = %(company)s
), kept AS (
    SELECT act.*, person.pope_town_id
      FROM act
      JOIN res_partner person ON person.id = act.partner_id AND person.is_company IS NOT TRUE
     WHERE person.id IN (SELECT partner_id FROM pope_project_member)
        OR NOT EXISTS (
               SELECT FROM pope_partner_role_res_partner_rel has
                 JOIN pope_partner_role role ON role.id = has.pope_partner_role_id AND role.kind != 'person'
                WHERE has.res_partner_id IN (person.id, person.parent_id))
)
"""

PEOPLE = (
    ACTS
    + """, person AS (
    SELECT partner_id, MIN(date) AS first, BOOL_OR(date BETWEEN %(start)s AND %(end)s) AS active
      FROM kept GROUP BY partner_id
)
SELECT COUNT(*) FILTER (WHERE first BETWEEN %(start)s AND %(end)s), COUNT(*) FILTER (WHERE active),
       COUNT(*) FILTER (WHERE first <= %(end)s AND first > COALESCE(
           (SELECT MAX(date) FROM pope_opening_figure
             WHERE company_id = %(company)s AND figure = 'accompanied' AND date <= %(end)s), '-infinity'))
  FROM person
"""
)
HOMES = (
    ACTS
    + """
SELECT town.name, COALESCE(answer.state, 'unchecked'), COUNT(*)
  FROM (SELECT DISTINCT partner_id FROM kept WHERE date BETWEEN %(start)s AND %(end)s) active
  JOIN res_partner person ON person.id = active.partner_id
LEFT JOIN pope_town town ON town.id = person.pope_town_id
LEFT JOIN pope_district_answer answer ON answer.id = person.pope_district_answer_id
 GROUP BY 1, 2
"""
)
TOWNS = (
    ACTS
    + """
SELECT COUNT(DISTINCT COALESCE(lead.pope_town_id, kept.pope_town_id))
  FROM kept LEFT JOIN crm_lead lead ON lead.id = kept.lead_id
 WHERE kept.date BETWEEN %(start)s AND %(end)s
"""
)
YEARS = ACTS + "SELECT MIN(date) FROM kept"
FIRST_CONTACTS = """
SELECT COUNT(*) FROM (
    SELECT member.partner_id FROM pope_project_member member
      JOIN res_partner person ON person.id = member.partner_id AND person.is_company IS NOT TRUE
      JOIN crm_lead lead ON lead.id = member.lead_id AND lead.company_id = %(company)s
     WHERE member.date_entry IS NOT NULL
  GROUP BY member.partner_id
    HAVING MIN(member.date_entry) BETWEEN %(start)s AND %(end)s) came
"""
EXCHANGES = """
SELECT COUNT(*), SUM(hours) FROM pope_interaction
 WHERE company_id = %(company)s AND date BETWEEN %(start)s AND %(end)s
"""
OPENINGS = """
SELECT kind.name, COUNT(*) FILTER (WHERE lead.pope_opening_date >= %(start)s), COUNT(*),
       SUM(pope_places) FILTER (WHERE lead.pope_opening_date >= %(start)s), SUM(pope_places),
       SUM(pope_childminder_count) FILTER (WHERE lead.pope_opening_date >= %(start)s), SUM(pope_childminder_count),
       SUM(pope_job_count) FILTER (WHERE lead.pope_opening_date >= %(start)s), SUM(pope_job_count)
  FROM crm_lead lead LEFT JOIN pope_structure_type kind ON kind.id = lead.pope_structure_type_id
 WHERE lead.type = 'project' AND lead.won_status = 'won' AND lead.company_id = %(company)s
   AND lead.pope_opening_date <= %(end)s
 GROUP BY kind.id
"""
PREMISES = """
SELECT COALESCE(answer.state, 'unchecked'), COUNT(*)
  FROM crm_lead lead
LEFT JOIN pope_premises premises ON premises.lead_id = lead.id AND premises.is_chosen
LEFT JOIN pope_district_answer answer ON answer.id = premises.pope_district_answer_id
 WHERE lead.type = 'project' AND lead.won_status = 'won' AND lead.company_id = %(company)s
   AND lead.pope_opening_date <= %(end)s
 GROUP BY 1
"""
SURVIVAL = """
SELECT months, state, status, COUNT(*) FROM pope_followup followup
  JOIN crm_lead lead ON lead.id = followup.lead_id AND lead.company_id = %(company)s
 WHERE months IN (12, 36) AND state != 'withdrawn'
   AND date_due <= LEAST(%(end)s::date, CURRENT_DATE)
 GROUP BY 1, 2, 3
"""
PROJECTS = """
SELECT stage_id, pope_structure_type_id, COUNT(*) FROM crm_lead
 WHERE type = 'project' AND company_id = %(company)s AND active AND won_status = 'pending'
 GROUP BY 1, 2
"""
STAGES = """
WITH project AS (
    SELECT id, stage_id, create_date FROM crm_lead
     WHERE type = 'project' AND company_id = %(company)s AND create_date < %(end)s::date + 1
), move AS (
    SELECT project.id AS lead_id, value.old_value_integer AS stage_id,
           value.create_date - COALESCE(
               LAG(value.create_date) OVER (PARTITION BY project.id ORDER BY value.id), project.create_date) AS spent
      FROM project
      JOIN mail_message message ON message.model = 'crm.lead' AND message.res_id = project.id
      JOIN mail_tracking_value value ON value.mail_message_id = message.id
      JOIN ir_model_fields field ON field.id = value.field_id AND field.model = 'crm.lead' AND field.name = 'stage_id'
), furthest AS (
    SELECT DISTINCT ON (been.lead_id) been.stage_id
      FROM (SELECT lead_id, stage_id FROM move UNION SELECT id, stage_id FROM project) been
      JOIN crm_stage stage ON stage.id = been.stage_id
  ORDER BY been.lead_id, stage.sequence DESC, stage.id DESC
)
SELECT 'reached', stage_id, COUNT(*)::numeric FROM furthest GROUP BY stage_id
UNION ALL
SELECT 'days', stage_id, (EXTRACT(EPOCH FROM PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY spent)) / 86400)::numeric
  FROM (SELECT lead_id, stage_id, SUM(spent) AS spent FROM move GROUP BY lead_id, stage_id) stay
 GROUP BY stage_id
"""
RECEIVED = """
SELECT COUNT(*) FROM crm_lead
 WHERE type = 'project' AND company_id = %(company)s AND create_date < %(end)s::date + 1
"""
PUBLISHED = "SELECT * FROM pope_opening_figure WHERE company_id = %(company)s AND date <= %(end)s"


def read(cr, company, year, diagnosis):
    """Everything that the page shows, as rows; what can be compared with the page, by the code of its figure."""
    values = {"company": company, "start": f"{year}-01-01", "end": f"{year}-12-31", "diagnosis": diagnosis}

    def rows(query):
        cr.execute(query, values)
        return cr.fetchall()

    rows(YEARS)
    rows(PUBLISHED)
    ((new, active, _since),) = rows(PEOPLE)
    rows(HOMES)
    ((contacts,),) = rows(FIRST_CONTACTS)
    ((exchanges, _hours),) = rows(EXCHANGES)
    ((towns,),) = rows(TOWNS)
    openings = rows(OPENINGS)
    rows(PREMISES)
    rows(SURVIVAL)
    projects = rows(PROJECTS)
    rows(STAGES)
    ((received,),) = rows(RECEIVED)
    return {
        "people_new": new,
        "people_active": active,
        "first_contacts": contacts,
        "exchanges": exchanges,
        "towns": towns,
        "openings": sum(row[1] for row in openings),
        "places": sum(row[3] or 0 for row in openings),
        "projects": sum(row[2] for row in projects),
        "stages": received,
    }
