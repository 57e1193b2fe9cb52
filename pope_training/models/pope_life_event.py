from odoo import api, fields, models
from odoo.tools import SQL


class LifeEvent(models.Model):
    """The meetings, discovery days and trainings of a person, in the line of what they and the pole did."""

    _inherit = "pope.life.event"

    _depends = {
        "pope.training.enrolment": [
            *("partner_id", "date_begin", "state", "pope_kind", "lead_id", "path_id", "company_id", "event_id")
        ],
        "crm.lead": ["type", "partner_id", "company_id", "create_date"],
        "pope.path.training": ["partner_id", "lead_id", "company_id", "date_entered", "date_result", "result"],
        "pope.path.outcome": ["partner_id", "lead_id", "company_id", "state", "date_answer"],
        "pope.diploma": ["partner_id", "company_id", "date_seen"],
        "pope.training.document": ["partner_id", "enrolment_id", "company_id", "date", "state"],
        "pope.lead.requirement": ["lead_id", "member_id", "state", "date_done"],
    }

    kind = fields.Selection(
        selection_add=[
            ("registered", "Signed up"),
            ("training", "Training attended"),
            ("discovery", "Discovery day attended"),
            ("path", "Career path opened"),
            ("qualifying", "Qualifying training entered"),
            ("result", "Result of a qualifying training"),
            ("news", "News given"),
            ("diploma", "Proof of a diploma seen"),
            ("document", "Document issued"),
        ]
    )

    @api.model
    def _life_queries(self):
        queries = super()._life_queries()
        # who was ticked at the meeting itself needs no date on the project to tell it again
        queries["meeting"] = SQL(
            """%s WHERE NOT EXISTS (
                   SELECT FROM pope_training_enrolment came
                    WHERE came.partner_id = told.partner_id AND came.lead_id = told.lead_id
                      AND came.state = 'done' AND came.pope_kind = 'information_meeting')""",
            self._life_columns(queries["meeting"]),
        )
        queries["enrolment"] = SQL(
            """SELECT %s, enrolment.partner_id, enrolment.date_begin,
                      CASE WHEN enrolment.state = 'open' THEN 'registered'
                           WHEN enrolment.pope_kind = 'training' THEN 'training'
                           WHEN enrolment.pope_kind = 'discovery_day' THEN 'discovery'
                           ELSE 'meeting' END,
                      COALESCE(enrolment.path_id, enrolment.lead_id), enrolment.company_id,
                      'event.event', enrolment.event_id
                 FROM pope_training_enrolment enrolment
                WHERE enrolment.partner_id IS NOT NULL AND enrolment.date_begin IS NOT NULL
                  AND enrolment.state IN ('open', 'done')""",
            self._life_id("enrolment", 10),
        )
        queries["document"] = SQL(
            """SELECT %s, COALESCE(document.partner_id, enrolment.partner_id), document.date::timestamp, 'document',
                      enrolment.lead_id, document.company_id, 'pope.training.document', document.id
                 FROM pope_training_document document
            LEFT JOIN pope_training_enrolment enrolment ON enrolment.id = document.enrolment_id
                WHERE document.state = 'issued' AND COALESCE(document.partner_id, enrolment.partner_id) IS NOT NULL""",
            self._life_id("document", 16),
        )
        return queries | self._life_of_paths()

    @api.model
    def _life_of_paths(self):
        return {
            "path": SQL(
                """SELECT %s, path.partner_id, path.create_date, 'path', path.id, path.company_id, 'crm.lead', path.id
                     FROM crm_lead path WHERE path.type = 'path' AND path.partner_id IS NOT NULL""",
                self._life_id("path", 11),
            ),
            "path_paper": SQL(
                """SELECT %s, path.partner_id, paper.date_done::timestamp, 'paper', path.id, path.company_id,
                          'pope.lead.requirement', paper.id
                     FROM pope_lead_requirement paper JOIN crm_lead path ON path.id = paper.lead_id
                    WHERE path.type = 'path' AND path.partner_id IS NOT NULL AND paper.member_id IS NULL
                      AND paper.state = 'done' AND paper.date_done IS NOT NULL""",
                self._life_id("paper", 17),
            ),
            "qualifying": SQL(
                """SELECT %s, followed.partner_id, followed.date_entered::timestamp, 'qualifying', followed.lead_id,
                          followed.company_id, 'pope.path.training', followed.id
                     FROM pope_path_training followed
                    WHERE followed.partner_id IS NOT NULL AND followed.date_entered <= CURRENT_DATE""",
                self._life_id("followed", 12),
            ),
            "result": SQL(
                """SELECT %s, followed.partner_id, followed.date_result::timestamp, 'result', followed.lead_id,
                          followed.company_id, 'pope.path.training', followed.id
                     FROM pope_path_training followed
                    WHERE followed.partner_id IS NOT NULL AND followed.date_result IS NOT NULL""",
                self._life_id("followed", 13),
            ),
            "news": SQL(
                """SELECT %s, told.partner_id, told.date_answer::timestamp, 'news', told.lead_id, told.company_id,
                          'pope.path.outcome', told.id
                     FROM pope_path_outcome told
                    WHERE told.partner_id IS NOT NULL AND told.state = 'answered'""",
                self._life_id("told", 14),
            ),
            "diploma": SQL(
                """SELECT %s, shown.partner_id, shown.date_seen::timestamp, 'diploma', NULL::integer, shown.company_id,
                          'pope.diploma', shown.id
                     FROM pope_diploma shown WHERE shown.date_seen IS NOT NULL""",
                self._life_id("shown", 15),
            ),
        }
