from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date


class ProjectMember(models.Model):
    """A person who carries a project, from the day they join to the day they leave; they may come back."""

    _name = "pope.project.member"
    _description = "Holder of a Project"
    _order = "lead_id, date_exit desc, id"
    _rec_name = "partner_id"

    lead_id = fields.Many2one("crm.lead", string="Project", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="lead_id.company_id")
    partner_id = fields.Many2one("res.partner", string="Person", required=True, ondelete="restrict", index=True)
    email = fields.Char(related="partner_id.email")
    phone = fields.Char(related="partner_id.phone")
    function = fields.Selection(
        [
            ("childminder", "Childminder"),
            ("director", "Director"),
            ("professional", "Early-childhood professional"),
            ("parent", "Parent"),
            ("other", "Other"),
        ],
        string="In the Place",
    )
    date_entry = fields.Date(string="Joined On", default=fields.Date.context_today)
    date_exit = fields.Date(string="Left On")
    is_present = fields.Boolean(string="Present", compute="_compute_is_present", search="_search_is_present")
    # The person's own, shared by all their projects
    accreditation_state = fields.Selection(related="partner_id.pope_accreditation_state", readonly=False)
    accreditation_filed_date = fields.Date(related="partner_id.pope_accreditation_filed_date", readonly=False)
    accreditation_date = fields.Date(related="partner_id.pope_accreditation_date", readonly=False)
    accreditation_end_date = fields.Date(related="partner_id.pope_accreditation_end_date", readonly=False)
    accreditation_is_valid = fields.Boolean(related="partner_id.pope_accreditation_is_valid")
    training_date = fields.Date(related="partner_id.pope_course_date", readonly=False)
    first_aid_date = fields.Date(related="partner_id.pope_first_aid_date", readonly=False)

    @api.depends("date_exit")
    def _compute_is_present(self):
        today = fields.Date.context_today(self)
        for member in self:
            member.is_present = not member.date_exit or member.date_exit > today

    def _search_is_present(self, operator, value):
        today = fields.Date.context_today(self)
        present = ["|", ("date_exit", "=", False), ("date_exit", ">", today)]
        return present if (operator in ("=", "in")) == bool(value) else ["!", *present]

    @api.constrains("date_entry", "date_exit")
    def _check_dates(self):
        for member in self:
            if member.date_entry and member.date_exit and member.date_exit < member.date_entry:
                raise ValidationError(
                    self.env._("%(name)s cannot leave before joining.", name=member.partner_id.display_name)
                )

    @api.constrains("lead_id", "partner_id", "date_exit")
    def _check_once(self):
        """A person carries a project once at a time; a Python check, since a contact merge must not fail on it."""
        counts = self._read_group(
            [("lead_id", "in", self.lead_id.ids), ("date_exit", "=", False)],
            ["lead_id", "partner_id"],
            having=[("__count", ">", 1)],
        )
        for lead, person in counts:
            raise ValidationError(
                self.env._("%(person)s already carries %(project)s.", person=person.name, project=lead.name)
            )

    @api.model_create_multi
    def create(self, vals_list):
        members = super().create(vals_list)
        members.lead_id._pope_team_changed()
        return members

    def write(self, vals):
        before = {member: member.date_exit for member in self} if "date_exit" in vals else {}
        result = super().write(vals)
        self.filtered(lambda member: member in before and member.date_exit != before[member])._moved()
        if {"lead_id", "partner_id", "date_exit"}.intersection(vals):
            self.lead_id._pope_team_changed()
        return result

    def unlink(self):
        leads = self.lead_id
        result = super().unlink()
        leads._pope_team_changed()
        return result

    def _moved(self):
        """These people leave their project, or come back to it: it is noted, and who left is written to no more."""
        notes = defaultdict(list)
        for member in self:
            name, day = member.partner_id.name, format_date(self.env, member.date_exit)
            if member.date_exit:
                note = self.env._("%(name)s leaves the project on %(day)s.", name=name, day=day)
            else:
                note = self.env._("%(name)s is back on the project.", name=name)
            notes[member.lead_id.id].append(note)
        self.lead_id._message_log_batch(bodies={lead_id: " ".join(lines) for lead_id, lines in notes.items()})
        if gone := self.filtered(lambda member: not member.is_present):
            gone._take_back_mails()
            gone.lead_id._pope_replace_contact(gone.partner_id)

    def _take_back_mails(self):
        """What was to leave for these people is cancelled, or is for who shares their mailbox on the project."""
        rows = self.env["pope.notification"]._of_leads(self.lead_id, ("planned", "to_approve", "queued"))
        for member in self:
            present = member.lead_id.pope_holder_ids
            if member.partner_id in present:
                continue
            theirs = rows.filtered(
                lambda row, member=member: (
                    row.lead_id == member.lead_id
                    and row.partner_id == member.partner_id
                    and row.rule_id.recipients != "role"
                )
            )
            email = member.partner_id.email_normalized
            if email and (sharing := present.filtered(lambda person, email=email: person.email_normalized == email)):
                theirs.partner_id = sharing[0]
            else:
                theirs._cancel("left")

    def _absorb(self, other):
        """The same person on a project that is merged into this one: nothing of their row is lost."""
        self.ensure_one()
        entries = [day for day in (self.date_entry, other.date_entry) if day]
        values = {
            "function": self.function or other.function,
            "date_entry": min(entries) if entries else False,
        }
        if self.date_exit:
            values["date_exit"] = other.date_exit and max(self.date_exit, other.date_exit)
        self.write(values)

    @api.private
    def _fuse(self):
        """A person whose contacts were merged carries a project once."""
        present = self.filtered(lambda member: not member.date_exit)
        for rows in present.grouped(lambda member: (member.lead_id, member.partner_id)).values():
            kept, others = rows[0], rows[1:]
            mine = kept.lead_id.pope_requirement_row_ids.filtered(lambda row, kept=kept: row.member_id == kept)
            there = mine.grouped("requirement_id")
            for row in kept.lead_id.pope_requirement_row_ids.filtered(lambda row, gone=others: row.member_id in gone):
                if row.requirement_id in there:
                    there[row.requirement_id]._absorb(row)
                else:
                    row.member_id = kept
                    there[row.requirement_id] = row
            for other in others:
                kept._absorb(other)
            others.unlink()

    def action_leave(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Leaves the Project"),
            "res_model": "pope.project.leave",
            "view_mode": "form",
            "target": "new",
            "context": {"default_member_id": self.id},
        }

    def action_return(self):
        self.date_exit = False
