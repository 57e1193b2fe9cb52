from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.pope_crm.models.pope_district_mixin import DISTRICT_STATES

from .pope_path_outcome import JOBS

# of Contrat de Ville (Engagements Quartiers 2030)
AGE_BANDS = [
    ("0_5", "0 to 5"),
    ("6_15", "6 to 15"),
    ("16_17", "16 and 17"),
    ("18_25", "18 to 25"),
    ("26_64", "26 to 64"),
    ("65", "65 and more"),
    ("unknown", "Age not known"),
]
GENDERS = [("woman", "Women"), ("man", "Men"), ("other", "Other"), ("unknown", "Not told")]
# what is counted, and the day that it is counted on
STEPS = {
    "attended": "date_attended",
    "positioned": "date_positioned",
    "entered": "date_entered",
    "diplomas": "date_diploma",
    "jobs_6": "date_job_6",
    "jobs_12": "date_job_12",
}
DIMENSIONS = ("town_id", "district_state", "gender", "age_band", "prescriber_id")
CROSSED = (("town_id", "district_state"), ("gender", "age_band"), ("prescriber_id", "district_state"))


class PathReport(models.Model):
    """What became of each path, and of whom: the one place that figures of career paths are counted from. A database
    view, nothing is kept twice."""

    _name = "pope.path.report"
    _description = "Career Path, Counted"
    _auto = False
    _order = "date_attended desc, id desc"
    _rec_name = "partner_id"

    _depends = {
        "crm.lead": [
            *("type", "partner_id", "company_id", "pope_town_id", "pope_path_attended_date"),
            "pope_path_positioned_date",
        ],
        "res.partner": [
            *("pope_town_id", "pope_district_answer_id", "pope_gender", "pope_birth_year", "pope_prescriber_id"),
        ],
        "pope.district.answer": ["state"],
        "pope.path.training": ["lead_id", "date_entered", "date_result", "result"],
        "pope.path.outcome": ["lead_id", "months", "state", "situation", "has_diploma", "date_due", "date_answer"],
    }

    lead_id = fields.Many2one("crm.lead", string="Career Path", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Person", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    town_id = fields.Many2one("pope.town", readonly=True, help="That of the path, or the one where the person lives.")
    district_state = fields.Selection(DISTRICT_STATES, string="QPV", readonly=True)
    gender = fields.Selection(GENDERS, readonly=True)
    age_band = fields.Selection(AGE_BANDS, string="Age", readonly=True, help="In the year of the discovery day.")
    prescriber_id = fields.Many2one("res.partner", string="Sent By", readonly=True)
    date_attended = fields.Date(string="Discovery Day", readonly=True)
    date_positioned = fields.Date(string="Positioned On", readonly=True)
    date_entered = fields.Date(string="Entered a Training On", readonly=True)
    date_diploma = fields.Date(string="Diploma On", readonly=True)
    date_job_6 = fields.Date(string="In a Job at 6 Months", readonly=True)
    date_job_12 = fields.Date(string="In a Job at 12 Months", readonly=True)

    @property
    def _table_query(self):
        """A diploma counts on the day of its result, or on that of the answer that tells of it."""
        return SQL(
            """
            SELECT path.id, path.id AS lead_id, path.partner_id, path.company_id,
                   COALESCE(path.pope_town_id, person.pope_town_id) AS town_id,
                   COALESCE(answer.state, 'unchecked') AS district_state,
                   COALESCE(NULLIF(person.pope_gender, 'undisclosed'), 'unknown') AS gender,
                   CASE WHEN COALESCE(person.pope_birth_year, 0) = 0 THEN 'unknown'
                        WHEN age.years < 6 THEN '0_5' WHEN age.years < 16 THEN '6_15' WHEN age.years < 18 THEN '16_17'
                        WHEN age.years < 26 THEN '18_25' WHEN age.years < 65 THEN '26_64' ELSE '65' END AS age_band,
                   person.pope_prescriber_id AS prescriber_id,
                   path.pope_path_attended_date AS date_attended,
                   path.pope_path_positioned_date AS date_positioned,
                   training.date_entered, LEAST(training.date_diploma, news.date_diploma) AS date_diploma,
                   news.date_job_6, news.date_job_12
              FROM crm_lead path
              JOIN res_partner person ON person.id = path.partner_id
         LEFT JOIN pope_district_answer answer ON answer.id = person.pope_district_answer_id
     CROSS JOIN LATERAL (
                   SELECT EXTRACT(YEAR FROM COALESCE(path.pope_path_attended_date, path.create_date::date))
                          - person.pope_birth_year AS years) age
         LEFT JOIN (
                   SELECT lead_id, MIN(date_entered) AS date_entered,
                          MIN(date_result) FILTER (WHERE result = 'obtained') AS date_diploma
                     FROM pope_path_training GROUP BY lead_id) training ON training.lead_id = path.id
         LEFT JOIN (
                   SELECT lead_id, MIN(date_answer) FILTER (WHERE has_diploma) AS date_diploma,
                          MIN(date_due) FILTER (WHERE months = 6 AND situation IN %(jobs)s) AS date_job_6,
                          MIN(date_due) FILTER (WHERE months = 12 AND situation IN %(jobs)s) AS date_job_12
                     FROM pope_path_outcome WHERE state = 'answered' GROUP BY lead_id) news ON news.lead_id = path.id
             WHERE path.type = 'path'
            """,
            jobs=JOBS,
        )

    @api.model
    @api.private
    def _counts(self, company, start, end):
        """Distinct persons at each step within a period, whole and by each dimension, in one query.

        :return: dict: names of the dimensions, as a tuple → dict of their values → dict step → persons
        """
        self.check_access("read")
        for model, names in self._depends.items():
            self.env[model].flush_model(names)
        steps = [
            SQL("COUNT(DISTINCT partner_id) FILTER (WHERE %s BETWEEN %s AND %s)", SQL.identifier(name), start, end)
            for name in STEPS.values()
        ]
        within = SQL(" OR ").join(
            SQL("%s BETWEEN %s AND %s", SQL.identifier(name), start, end) for name in STEPS.values()
        )
        sets = [(), *((name,) for name in DIMENSIONS), *CROSSED]
        columns = SQL(", ").join(map(SQL.identifier, DIMENSIONS))
        rows = self.env.execute_query(
            SQL(
                """
                SELECT GROUPING(%s), %s, %s FROM (%s) report
                 WHERE company_id = %s AND (%s) GROUP BY GROUPING SETS (%s)
                """,
                columns,
                columns,
                SQL(", ").join(steps),
                self._table_query,
                company.id,
                within,
                SQL(", ").join(SQL("(%s)", SQL(", ").join(map(SQL.identifier, names))) for names in sets),
            )
        )
        # the bits of GROUPING tell which dimensions a row is not grouped by, the first one highest
        last = len(DIMENSIONS) - 1
        masks = {sum(1 << last - i for i, name in enumerate(DIMENSIONS) if name not in names): names for names in sets}
        counts = {names: defaultdict(lambda: dict.fromkeys(STEPS, 0)) for names in sets}
        for mask, *cells in rows:
            names = masks[mask]
            values = dict(zip(DIMENSIONS, cells, strict=False))
            persons = dict(zip(STEPS, cells[len(DIMENSIONS) :], strict=True))
            counts[names][tuple(values[name] for name in names)] = persons
        return counts

    def export_data(self, fields_to_export):
        """Person by person it is looked at, never taken away: the sheet says the same without small counts."""
        raise UserError(
            self.env._(
                "This list names people one by one, it is not exported. Take the sheet of Contrat de Ville, or the key "
                "figures: small counts are hidden there."
            )
        )

    def action_open(self):
        self.ensure_one()
        return self.lead_id.get_formview_action()
