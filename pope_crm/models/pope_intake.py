from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, format_datetime, plaintext2html


class Intake(models.Model):
    """Somebody came to the pole, by the form, a call or an e-mail: nothing leaves before a person sorted it."""

    _name = "pope.intake"
    _description = "First Contact to Sort"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True
    _primary_email = "email"

    source = fields.Selection(
        [("form", "Form"), ("call", "Call"), ("mail", "E-mail")], required=True, default="call", readonly=True
    )
    date = fields.Datetime(string="Received On", required=True, default=fields.Datetime.now, readonly=True)
    name = fields.Char(required=True)
    first_name = fields.Char()
    last_name = fields.Char()
    email = fields.Char(string="E-mail Address")
    email_normalized = fields.Char(compute="_compute_email_normalized", store=True, index="btree_not_null")
    phone = fields.Char()
    message = fields.Text(string="What For")
    town_text = fields.Char(string="Town as Written")
    town_id = fields.Many2one("pope.town", compute="_compute_town_id", store=True, readonly=False)
    structure_type_id = fields.Many2one("pope.structure.type")
    notice_date = fields.Date(
        string="Notice Shown", readonly=True, help="Date of the information notice that the person read on the form."
    )
    team_id = fields.Many2one(
        "crm.team",
        required=True,
        ondelete="restrict",
        index=True,
        domain=[("pope_lead_type", "=", "project")],
        default=lambda self: self._default_team_id(),
    )
    company_id = fields.Many2one(related="team_id.company_id", store=True)
    state = fields.Selection(
        [("to_sort", "To Sort"), ("project", "Made a Project"), ("attached", "Attached"), ("ignored", "Ignored")],
        required=True,
        default="to_sort",
        readonly=True,
        index=True,
        copy=False,
        tracking=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Known Person",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        ondelete="set null",
        index="btree_not_null",
        domain=[("is_company", "=", False)],
        check_company=True,
        help="Found by the address, or by the phone and the name. Correct it at will; empty: a new person.",
    )
    lead_id = fields.Many2one(
        "crm.lead",
        string="Project",
        compute="_compute_lead_id",
        store=True,
        readonly=False,
        ondelete="set null",
        index="btree_not_null",
        domain=[("type", "=", "project")],
        check_company=True,
        help="Before sorting, the project that the known person carries; afterwards, where it went.",
    )
    user_id = fields.Many2one("res.users", string="Sorted By", readonly=True, copy=False)
    date_sorted = fields.Datetime(string="Sorted On", readonly=True, copy=False)
    reason = fields.Selection(
        [
            ("spam", "Spam"),
            ("off_topic", "Not for us"),
            ("duplicate", "Came twice"),
            ("answered", "Answered, nothing to follow"),
            ("blocked", "Address that is ignored"),
        ],
        readonly=True,
        copy=False,
    )
    is_blocked = fields.Boolean(
        string="Address Ignored", readonly=True, copy=False, help="What comes from it later on is ignored by itself."
    )
    key = fields.Char(readonly=True, copy=False, help="Tells two sendings of one page from two messages.")

    _key_unique = models.UniqueIndex("(key) WHERE key IS NOT NULL", "This message has arrived already.")

    @api.model
    def _default_team_id(self):
        return self.env["crm.team"].search(
            [("pope_lead_type", "=", "project"), ("company_id", "=", self.env.company.id)], limit=1
        )

    @api.depends("email")
    def _compute_email_normalized(self):
        for intake in self:
            intake.email_normalized = email_normalize(intake.email or "") or False

    @api.depends("town_text")
    def _compute_town_id(self):
        towns = self.env["pope.town"]._propose({(None, intake.town_text) for intake in self if intake.town_text})
        for intake in self:
            intake.town_id = towns.get((None, intake.town_text))

    @api.depends("email", "phone", "name", "company_id")
    def _compute_partner_id(self):
        """Who it is, where that is sure; members of the team, who forward messages, are not the people they are of."""
        waiting = self.filtered(lambda intake: intake.state == "to_sort")
        for company, intakes in waiting.grouped("company_id").items():
            wanted = {intake: (intake.email, intake.phone, intake.name) for intake in intakes}
            # sudo: whoever takes a call, somebody known is known
            found = self.env["res.partner"].sudo()._pope_find_people(set(wanted.values()), company)
            for intake in intakes:
                intake.partner_id = found[wanted[intake]].filtered("partner_share")
        for intake in self - waiting:
            intake.partner_id = intake.partner_id  # what a person decided stays

    @api.depends("partner_id")
    def _compute_lead_id(self):
        for intake in self:
            if intake.state == "to_sort":
                intake.lead_id = intake.partner_id._pope_main_project(intake.company_id)
            else:
                intake.lead_id = intake.lead_id

    @api.depends("name", "source")
    @api.depends_context("lang")
    def _compute_display_name(self):
        sources = dict(self._fields["source"]._description_selection(self.env))
        for intake in self:
            intake.display_name = f"{intake.name} ({sources.get(intake.source)})"

    @api.model_create_multi
    def create(self, vals_list):
        intakes = super().create(vals_list)
        intakes._ignore_blocked()
        return intakes

    def _ignore_blocked(self):
        """What comes from an address that a person chose to ignore is kept, and asks for nothing."""
        written = self.filtered(lambda intake: intake.email_normalized and intake.source != "call")
        if not written:
            return
        blocked = self._read_group(
            [("is_blocked", "=", True), ("email_normalized", "in", written.mapped("email_normalized"))],
            ["email_normalized", "company_id"],
        )
        written.filtered(lambda intake: (intake.email_normalized, intake.company_id) in blocked).write(
            {"state": "ignored", "reason": "blocked"}
        )

    # --- Sorting: what a person decides ---

    def _sorted_as(self, state, **values):
        self.write({"state": state, "user_id": self.env.uid, "date_sorted": self.env.cr.now(), **values})

    def _waiting(self):
        waiting = self.filtered(lambda intake: intake.state == "to_sort")
        if not waiting:
            raise UserError(self.env._("This is sorted already."))
        return waiting

    def action_make_project(self):
        """A project for each, of the known person or of a new one; its stage then writes as it does to everybody."""
        intakes = self._waiting()
        leads = self.env["crm.lead"].create([intake._project_values() for intake in intakes])
        for intake, lead in zip(intakes, leads, strict=True):
            intake._complete_person(lead.partner_id)
            intake._hand_over(lead)
            intake._sorted_as("project", lead_id=lead.id, partner_id=lead.partner_id.id)
        intakes._note_information()
        return leads._get_records_action() if len(leads) > 1 else leads.get_formview_action()

    def _project_values(self):
        return {
            "type": "project",
            "team_id": self.team_id.id,
            "company_id": self.company_id.id,
            "user_id": self.env.uid,
            "partner_id": self.partner_id.id,
            "contact_name": self.name,
            "pope_new_first_name": self.first_name,
            "pope_new_last_name": self.last_name,
            # what a lead says of its contact is written on the contact: what is known stays
            "email_from": self.partner_id.email or self.email,
            "phone": self.partner_id.phone or self.phone,
            "pope_town_id": self.town_id.id or self.partner_id.pope_town_id.id,
            "pope_structure_type_id": self.structure_type_id.id,
        }

    def _complete_person(self, person):
        """What is not known yet of a known person; what is known stays."""
        told = {"email": self.email, "phone": self.phone, "pope_town_id": self.town_id.id}
        if fresh := {name: value for name, value in told.items() if value and not person[name]}:
            person.write(fresh)

    def _note_information(self):
        """Who used the form has read the notice: the person's page says when."""
        self.env["pope.consent"].create(
            [
                {
                    "partner_id": intake.partner_id.id,
                    "channel": "form",
                    "answer": "informed",
                    "date": fields.Datetime.context_timestamp(intake, intake.date).date(),
                }
                for intake in self.filtered(lambda intake: intake.notice_date and intake.partner_id)
            ]
        )

    def action_attach(self):
        """It is about a project that exists: what was said goes there."""
        intakes = self._waiting()
        if any(not intake.lead_id for intake in intakes):
            raise UserError(self.env._("Choose the project first."))
        for intake in intakes:
            intake._hand_over(intake.lead_id)
            intake._sorted_as("attached")
        return intakes.lead_id[:1].get_formview_action() if len(intakes) == 1 else None

    def _hand_over(self, lead):
        """The messages and files move to the project; what was said by phone or form is noted there."""
        person = self.partner_id or lead.partner_id
        # sudo: messages belong to their record, which was sorted by somebody who may
        messages = self.sudo().message_ids.filtered(lambda message: message.message_type in ("email", "comment"))
        messages.filtered(
            lambda message: not message.author_id and email_normalize(message.email_from or "") == self.email_normalized
        ).author_id = person
        messages.write({"model": lead._name, "res_id": lead.id})
        messages.attachment_ids.filtered(lambda file: (file.res_model, file.res_id) == (self._name, self.id)).write(
            {"res_model": lead._name, "res_id": lead.id}
        )
        self.activity_ids.write({"res_model_id": self.env["ir.model"]._get_id(lead._name), "res_id": lead.id})
        if self.source == "mail":
            return
        sources = dict(self._fields["source"]._description_selection(self.env))
        lead._message_log(
            body=Markup("<p>%s</p>%s")
            % (
                f"{sources[self.source]} – {self.name}, {format_datetime(self.env, self.date, dt_format='short')}",
                plaintext2html(self.message or ""),
            ),
            author_id=person.id or None,
        )

    def action_ignore(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("pope_crm.pope_intake_ignore_action")
        action["context"] = {"active_ids": self.ids, "active_model": self._name}
        return action

    @api.private
    def _ignore(self, reason, block):
        self._waiting()._sorted_as("ignored", reason=reason, is_blocked=block)

    def action_sort_again(self):
        """It was ignored by mistake; its address is free again."""
        self.filtered(lambda intake: intake.state == "ignored").write(
            {"state": "to_sort", "reason": False, "is_blocked": False, "user_id": False, "date_sorted": False}
        )

    @api.private
    def _anonymise(self, partner):
        """That somebody came, when, from which town and what became of it stays; who it was and what they said goes."""
        for town, intakes in self.grouped("town_id").items():
            intakes.write(
                {
                    "name": partner.name,
                    "partner_id": partner.id,
                    "town_id": town.id,
                    **dict.fromkeys(("first_name", "last_name", "email", "phone", "message", "town_text"), False),
                }
            )
        self.activity_ids.unlink()

    def action_saved(self):
        """The window's button: the call is saved already, close it."""
        return {"type": "ir.actions.act_window_close"}
