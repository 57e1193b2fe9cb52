from odoo import api, fields, models
from odoo.tools import SQL

# the number of an event is made of its row's, of its person's where a row is an event of several, and of its source's
PERSON_BITS, SOURCE_BITS = 24, 5


class LifeEvent(models.Model):
    """What a person and the pole did together, one line an act, in order: a database view, nothing is kept twice."""

    _name = "pope.life.event"
    _description = "Event of a Person's Life with the Pole"
    _auto = False
    _order = "date desc, id desc"

    _depends = {
        "res.partner": ["is_company", "company_id", "partner_share"],
        "crm.lead": ["type", "company_id", "pope_meeting_date", "pope_meeting_attended", "pope_opening_date"],
        "pope.intake": ["partner_id", "date", "lead_id", "company_id"],
        "pope.project.member": ["partner_id", "lead_id", "date_entry", "date_exit"],
        "pope.interaction": ["partner_ids", "date", "lead_id", "company_id"],
        "pope.lead.requirement": ["member_id", "lead_id", "state", "date_done"],
        "pope.notification": ["partner_id", "lead_id", "company_id", "state", "date_sent"],
        "mail.message": ["author_id", "date", "model", "res_id", "message_type"],
    }

    partner_id = fields.Many2one("res.partner", string="Person", readonly=True)
    date = fields.Datetime(readonly=True)
    kind = fields.Selection(
        [
            ("known", "Known to the pole"),
            ("intake", "First contact"),
            ("entry", "Joined a project"),
            ("exit", "Left a project"),
            ("meeting", "Information meeting attended"),
            ("interaction", "Exchange"),
            ("opening", "Place opened"),
            ("paper", "Paper or step"),
            ("received", "Message received"),
            ("sent", "E-mail sent"),
        ],
        readonly=True,
    )
    lead_id = fields.Many2one("crm.lead", string="Project", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    res_model = fields.Char(string="Kind of Record", readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", string="Record", readonly=True)
    name = fields.Char(string="What", compute="_compute_name")

    @api.depends("res_model", "res_id")
    def _compute_name(self):
        """The name of the record that the event comes from, where the reader may see it."""
        for model, events in self.grouped("res_model").items():
            records = self.env[model].browse(events.mapped("res_id")).exists()._filtered_access("read")
            names = {record.id: record.display_name for record in records}
            for event in events:
                event.name = names.get(event.res_id, False)

    @property
    def _table_query(self):
        return SQL(" UNION ALL ").join(map(self._life_columns, self._life_queries().values()))

    @api.model
    def _life_columns(self, query):
        """The rows of a query of `_life_queries`, with the names of their columns."""
        return SQL(
            "SELECT * FROM (%s) AS told (id, partner_id, date, kind, lead_id, company_id, res_model, res_id)", query
        )

    @api.model
    def _life_queries(self):
        """A query a source, for the add-ons that know of other acts to extend.

        Each gives these columns, in this order: id, partner_id, date, kind, lead_id, company_id, res_model, res_id.
        The id is made by `_life_id`, with a number of its own for each source, from 0 to 31.
        """
        return {
            "known": SQL(
                """SELECT %s, partner.id, partner.create_date, 'known', NULL::integer, partner.company_id,
                          'res.partner', partner.id
                     FROM res_partner partner
                    WHERE NOT partner.is_company AND (
                          EXISTS (SELECT FROM pope_project_member member WHERE member.partner_id = partner.id)
                       OR EXISTS (SELECT FROM pope_intake intake WHERE intake.partner_id = partner.id)
                       OR EXISTS (SELECT FROM pope_interaction_res_partner_rel held
                                   WHERE held.partner_id = partner.id))""",
                self._life_id("partner", 0),
            ),
            "intake": SQL(
                """SELECT %s, intake.partner_id, intake.date, 'intake', intake.lead_id, intake.company_id,
                          'pope.intake', intake.id
                     FROM pope_intake intake WHERE intake.partner_id IS NOT NULL""",
                self._life_id("intake", 1),
            ),
            "entry": SQL(
                """SELECT %s, member.partner_id, member.date_entry::timestamp, 'entry', lead.id, lead.company_id,
                          'crm.lead', lead.id
                     FROM pope_project_member member JOIN crm_lead lead ON lead.id = member.lead_id
                    WHERE member.date_entry IS NOT NULL""",
                self._life_id("member", 2),
            ),
            "exit": SQL(
                """SELECT %s, member.partner_id, member.date_exit::timestamp, 'exit', lead.id, lead.company_id,
                          'crm.lead', lead.id
                     FROM pope_project_member member JOIN crm_lead lead ON lead.id = member.lead_id
                    WHERE member.date_exit IS NOT NULL""",
                self._life_id("member", 3),
            ),
            "meeting": SQL(
                """SELECT %s, member.partner_id, lead.pope_meeting_date, 'meeting', lead.id, lead.company_id,
                          'crm.lead', lead.id
                     FROM pope_project_member member JOIN crm_lead lead ON lead.id = member.lead_id
                    WHERE lead.pope_meeting_attended AND lead.pope_meeting_date IS NOT NULL
                      AND (member.date_entry IS NULL OR member.date_entry <= lead.pope_meeting_date)
                      AND (member.date_exit IS NULL OR member.date_exit >= lead.pope_meeting_date)""",
                self._life_id("member", 4),
            ),
            "interaction": SQL(
                """SELECT %s, held.partner_id, interaction.date::timestamp, 'interaction', interaction.lead_id,
                          interaction.company_id, 'pope.interaction', interaction.id
                     FROM pope_interaction interaction
                     JOIN pope_interaction_res_partner_rel held ON held.interaction_id = interaction.id""",
                self._life_id("interaction", 5, SQL("held.partner_id")),
            ),
            "opening": SQL(
                """SELECT %s, member.partner_id, lead.pope_opening_date::timestamp, 'opening', lead.id, lead.company_id,
                          'crm.lead', lead.id
                     FROM pope_project_member member JOIN crm_lead lead ON lead.id = member.lead_id
                    WHERE lead.pope_opening_date IS NOT NULL
                      AND (member.date_exit IS NULL OR member.date_exit >= lead.pope_opening_date)""",
                self._life_id("member", 6),
            ),
            "paper": SQL(
                """SELECT %s, member.partner_id, paper.date_done::timestamp, 'paper', lead.id, lead.company_id,
                          'pope.lead.requirement', paper.id
                     FROM pope_lead_requirement paper JOIN pope_project_member member ON member.id = paper.member_id
                     JOIN crm_lead lead ON lead.id = paper.lead_id
                    WHERE paper.state = 'done' AND paper.date_done IS NOT NULL""",
                self._life_id("paper", 7),
            ),
            "received": SQL(
                """SELECT %s, message.author_id, message.date, 'received',
                          CASE WHEN message.model = 'crm.lead' THEN message.res_id END,
                          COALESCE(lead.company_id, intake.company_id, partner.company_id),
                          message.model, message.res_id
                     FROM mail_message message
                     JOIN res_partner partner ON partner.id = message.author_id AND partner.partner_share
                LEFT JOIN crm_lead lead ON message.model = 'crm.lead' AND lead.id = message.res_id
                LEFT JOIN pope_intake intake ON message.model = 'pope.intake' AND intake.id = message.res_id
                    WHERE message.message_type = 'email'
                      AND (message.model = 'res.partner' OR intake.id IS NOT NULL OR lead.type IN %s)""",
                self._life_id("message", 8),
                tuple(self.env["crm.lead"]._pope_lead_types()),
            ),
            "sent": SQL(
                """SELECT %s, mail.partner_id, mail.date_sent, 'sent', mail.lead_id, mail.company_id,
                          'pope.notification', mail.id
                     FROM pope_notification mail WHERE mail.state = 'sent' AND mail.partner_id IS NOT NULL""",
                self._life_id("mail", 9),
            ),
        }

    @api.model
    def _life_id(self, alias, source, person=None):
        """A number for an event, the same at each reading, and like that of no other.

        :param alias: alias of the table whose row the event is
        :param source: number of the source, from 0 to 31
        :param person: SQL of the person, where a row is an event of several
        """
        shift = PERSON_BITS + SOURCE_BITS
        row = SQL.identifier(alias, "id")
        return SQL("(%s::bigint << %s) + (%s::bigint << %s) + %s", row, shift, person or 0, SOURCE_BITS, source)

    def action_open(self):
        """The record that the event comes from."""
        self.ensure_one()
        return self.env[self.res_model].browse(self.res_id).get_formview_action()
