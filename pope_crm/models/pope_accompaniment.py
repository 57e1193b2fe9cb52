from odoo import fields, models
from odoo.tools import SQL


class Accompaniment(models.Model):
    """Every act by which a person was accompanied, from the records that tell it: nothing is stored or typed twice.

    A first contact is no act. Other add-ons add their acts by extending `_act_queries`.
    """

    _name = "pope.accompaniment"
    _description = "Act of Accompaniment"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    _depends = {
        "crm.lead": [
            "company_id",
            "pope_accompanied_date",
            "pope_meeting_attended",
            "pope_meeting_date",
            "pope_town_id",
            "stage_id",
            "type",
        ],
        "crm.stage": ["sequence"],
        "pope.district.answer": ["state"],
        "pope.interaction": ["company_id", "date", "lead_id", "minutes", "partner_ids"],
        "pope.partner.role": ["kind"],
        "pope.project.member": ["date_entry", "date_exit", "lead_id", "partner_id"],
        "res.partner": ["is_company", "parent_id", "pope_district_answer_id", "pope_role_ids", "pope_town_id"],
    }

    partner_id = fields.Many2one("res.partner", string="Person", readonly=True)
    date = fields.Date(readonly=True)
    first_date = fields.Date(
        string="Accompanied Since", readonly=True, help="Day of the first act with this person in the company."
    )
    kind = fields.Selection(
        [
            ("exchange", "Exchange held"),
            ("meeting", "Information meeting attended"),
            ("project", "Project at Diagnosis or beyond"),
        ],
        string="Act",
        readonly=True,
    )
    lead_id = fields.Many2one("crm.lead", string="Project", readonly=True)
    town_id = fields.Many2one(
        "pope.town", readonly=True, help="That of the project, or the one where the person lives when there is none."
    )
    district_state = fields.Selection(
        [("in", "In a QPV"), ("out", "Outside QPV"), ("unchecked", "Not checked")],
        string="Lives in a QPV",
        readonly=True,
    )
    minutes = fields.Integer(
        readonly=True, aggregator=None, help="Of the exchange. It is shared by all who took part: never added up here."
    )
    company_id = fields.Many2one("res.company", readonly=True)

    @property
    def _table_query(self):
        """People who work for an authority, a funder or a partner are met, not accompanied; holders are.

        The id is that of the source, the person and the kind of act, so that it stays the same from one look to the
        next; it fits in the whole numbers of a browser.
        """
        return SQL(
            """
            SELECT (act.source_id::bigint << 27) + (act.partner_id::bigint << 3) + act.code AS id,
                   act.kind, act.partner_id, act.date, act.lead_id, act.company_id, act.minutes,
                   COALESCE(lead.pope_town_id, person.pope_town_id) AS town_id,
                   COALESCE(answer.state, 'unchecked') AS district_state
              FROM (%(acts)s) act
              JOIN res_partner person ON person.id = act.partner_id AND person.is_company IS NOT TRUE
         LEFT JOIN crm_lead lead ON lead.id = act.lead_id
         LEFT JOIN pope_district_answer answer ON answer.id = person.pope_district_answer_id
             WHERE person.id IN (SELECT partner_id FROM pope_project_member)
                OR NOT EXISTS (
                       SELECT FROM pope_partner_role_res_partner_rel has
                         JOIN pope_partner_role role ON role.id = has.pope_partner_role_id AND role.kind != 'person'
                        WHERE has.res_partner_id IN (person.id, person.parent_id))
            """,
            acts=SQL(" UNION ALL ").join(self._act_queries()),
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        """The first day is looked for only where it is asked: in the view it would keep every act from being left out
        early.
        """
        if field_expr != "first_date":
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        first = query.make_alias(alias, "first")
        query.add_join(
            "LEFT JOIN",
            first,
            SQL(
                "(SELECT partner_id, company_id, MIN(date) AS day FROM (%s) act GROUP BY partner_id, company_id)",
                SQL(" UNION ALL ").join(self._act_queries()),
            ),
            SQL(
                "%s = %s AND %s = %s",
                SQL.identifier(first, "partner_id"),
                SQL.identifier(alias, "partner_id"),
                SQL.identifier(first, "company_id"),
                SQL.identifier(alias, "company_id"),
            ),
        )
        return SQL.identifier(first, "day")

    def _act_queries(self):
        """SELECTs of code (a number from 0 to 7, one for each query), source_id, kind, partner_id, date, lead_id,
        company_id, minutes.
        """
        return [self._exchange_query(), self._meeting_query(), self._project_query()]

    def _exchange_query(self):
        return SQL(
            """
            SELECT 0 AS code, exchange.id AS source_id, 'exchange' AS kind, took_part.partner_id, exchange.date,
                   exchange.lead_id, exchange.company_id, exchange.minutes
              FROM pope_interaction exchange
              JOIN pope_interaction_res_partner_rel took_part ON took_part.interaction_id = exchange.id
            """
        )

    def _meeting_query(self, condition=None):
        """The project's people came: those who carried it that day. Narrowed where somebody knows who came."""
        return SQL(
            """
            SELECT 1, member.id, 'meeting', member.partner_id, lead.pope_meeting_date::date,
                   lead.id, lead.company_id, NULL::integer
              FROM crm_lead lead
              JOIN pope_project_member member
                ON member.lead_id = lead.id
               AND COALESCE(member.date_entry, lead.pope_meeting_date::date) <= lead.pope_meeting_date::date
               AND COALESCE(member.date_exit, lead.pope_meeting_date::date) >= lead.pope_meeting_date::date
             WHERE lead.type = 'project' AND lead.pope_meeting_attended AND lead.pope_meeting_date IS NOT NULL
               AND %s
            """,
            condition or SQL("TRUE"),
        )

    def _project_query(self):
        """Who carries a project that came to Diagnosis, from that day or from the day they joined it."""
        return SQL(
            """
            SELECT 2, member.id, 'project', member.partner_id,
                   GREATEST(lead.pope_accompanied_date, member.date_entry), lead.id, lead.company_id, NULL::integer
              FROM crm_lead lead
              JOIN crm_stage stage ON stage.id = lead.stage_id AND stage.sequence >= %s
              JOIN pope_project_member member
                ON member.lead_id = lead.id
               AND COALESCE(member.date_exit, lead.pope_accompanied_date) >= lead.pope_accompanied_date
             WHERE lead.type = 'project' AND lead.pope_accompanied_date IS NOT NULL
            """,
            self.env["crm.stage"]._pope_accompanied_sequence(),
        )
