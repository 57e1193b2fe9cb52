from odoo import api, fields, models
from odoo.fields import Domain


class ResPartner(models.Model):
    _inherit = "res.partner"

    pope_enrolment_ids = fields.One2many(
        "pope.training.enrolment", "partner_id", string="Enrolments", groups="pope_crm.group_pope_user"
    )
    pope_enrolment_count = fields.Integer(
        string="Meetings and Trainings",
        compute="_compute_pope_enrolment_count",
        groups="pope_crm.group_pope_user",
    )

    pope_path_count = fields.Integer(
        string="Career Paths", compute="_compute_pope_path_count", groups="pope_crm.group_pope_user"
    )

    def _compute_pope_path_count(self):
        counts = dict(
            self.env["crm.lead"]
            .with_context(active_test=False)
            ._read_group([("partner_id", "in", self.ids), ("type", "=", "path")], ["partner_id"], ["__count"])
        )
        for partner in self:
            partner.pope_path_count = counts.get(partner, 0)

    def action_pope_paths(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("pope_training.crm_lead_action_path")
        action["domain"] = [("type", "=", "path"), ("partner_id", "in", self.ids)]
        action["context"] = {"default_type": "path", "default_partner_id": self[:1].id, "active_test": False}
        return action

    def _compute_pope_enrolment_count(self):
        counts = dict(
            self.env["pope.training.enrolment"]._read_group(
                [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.pope_enrolment_count = counts.get(partner, 0)

    def action_pope_enrolments(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("pope_training.pope_training_enrolment_action_all")
        action["domain"] = [("partner_id", "in", self.ids)]
        return action

    @api.model
    def _pope_last_contact_sources(self):
        """Who came was in contact, and who chose a date on a page."""
        attended = ("pope.training.enrolment", "partner_id", "date_begin", [("state", "=", "done")])
        chose = ("pope.training.enrolment", "partner_id", "date_asked", [("date_asked", "!=", False)])
        return [*super()._pope_last_contact_sources(), attended, chose]

    @api.model
    def _pope_people_domain(self):
        enrolled = Domain("is_company", "=", False) & Domain("user_ids", "=", False)
        return super()._pope_people_domain() | (enrolled & Domain("pope_enrolment_ids", "!=", False))

    def _pope_blank_related(self, neutral):
        """A registration keeps the name and address that it was made with."""
        super()._pope_blank_related(neutral)
        own = self.pope_enrolment_ids.registration_id
        own.write({"name": self.name, "email": False, "phone": False, "company_name": False})
        booked = self.env["event.registration"].search([("partner_id", "=", self.id)]) - own
        self._pope_blank_texts(booked, ("name", "email", "phone", "company_name"), neutral)
        self._pope_blank_threads(own | booked, own, neutral)

    def _pope_file_parts(self):
        parts = super()._pope_file_parts()
        theirs = Domain("partner_id", "=", self.id) | Domain("pope_enrolment_ids.partner_id", "=", self.id)
        parts["event.registration"] = (theirs, ["event_id", "name", "email", "phone", "state", "create_date"])
        return parts
