from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ProjectMember(models.Model):
    """A person who carries a project, from the day they join to the day they leave, and what they need to open."""

    _name = "pope.project.member"
    _description = "Holder of a Project"
    _order = "lead_id, date_exit desc, id"
    _rec_name = "partner_id"

    lead_id = fields.Many2one("crm.lead", string="Project", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="lead_id.company_id", store=True)
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
    accreditation_state = fields.Selection(
        [
            ("none", "Not asked"),
            ("filed", "Filed"),
            ("granted", "Granted"),
            ("refused", "Refused"),
        ],
        string="Accreditation",
        required=True,
        default="none",
    )
    accreditation_filed_date = fields.Date(string="Accreditation Filed On")
    accreditation_date = fields.Date(string="Accredited On")
    accreditation_end_date = fields.Date(string="Accredited Until")
    accreditation_is_valid = fields.Boolean(string="Accredited", compute="_compute_accreditation_is_valid")
    training_date = fields.Date(string="120 h Training Done On")
    first_aid_date = fields.Date(string="First Aid Certificate Of")

    @api.depends("date_exit")
    def _compute_is_present(self):
        today = fields.Date.context_today(self)
        for member in self:
            member.is_present = not member.date_exit or member.date_exit > today

    def _search_is_present(self, operator, value):
        today = fields.Date.context_today(self)
        present = ["|", ("date_exit", "=", False), ("date_exit", ">", today)]
        return present if (operator in ("=", "in")) == bool(value) else ["!", *present]

    @api.depends("accreditation_state", "accreditation_end_date")
    def _compute_accreditation_is_valid(self):
        today = fields.Date.context_today(self)
        for member in self:
            member.accreditation_is_valid = member.accreditation_state == "granted" and (
                not member.accreditation_end_date or member.accreditation_end_date >= today
            )

    @api.constrains("date_entry", "date_exit", "accreditation_date", "accreditation_end_date")
    def _check_dates(self):
        for member in self:
            if member.date_entry and member.date_exit and member.date_exit < member.date_entry:
                raise ValidationError(
                    self.env._("%(name)s cannot leave before joining.", name=member.partner_id.display_name)
                )
            start, end = member.accreditation_date, member.accreditation_end_date
            if start and end and end <= start:
                raise ValidationError(
                    self.env._(
                        "The accreditation of %(name)s must end after it begins.", name=member.partner_id.display_name
                    )
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

    @api.private
    def _fuse(self):
        """A person whose contacts were merged carries a project once."""
        advanced = ("none", "refused", "filed", "granted")
        present = self.filtered(lambda member: not member.date_exit)
        for rows in present.grouped(lambda member: (member.lead_id, member.partner_id)).values():
            kept, *others = rows.sorted(lambda member: (-advanced.index(member.accreditation_state), member.id))
            for other in others:
                kept._take_over(other)

    @api.private
    def _take_over(self, other):
        """The facts of another row of the same person, and what hangs on it, go to this one; the other goes away."""
        facts = [
            name for name, field in self._fields.items() if field.store and not (field.relational or field.compute)
        ]
        missing = {name: other[name] for name in facts if other[name] and not self[name]}
        if self.accreditation_state == "none":
            missing["accreditation_state"] = other.accreditation_state
        if self.date_entry and other.date_entry:
            missing["date_entry"] = min(self.date_entry, other.date_entry)
        self.write(missing)
        Row = self.env["pope.lead.requirement"]
        mine = Row.search([("member_id", "=", self.id)]).grouped("requirement_id")
        for row in Row.search([("member_id", "=", other.id)]):
            if row.requirement_id in mine:
                mine[row.requirement_id]._take_over(row)
            else:
                row.write({"lead_id": self.lead_id.id, "member_id": self.id})
        other.unlink()

    def action_leave(self):
        self.date_exit = fields.Date.context_today(self)

    def action_return(self):
        self.date_exit = False

    @api.onchange("accreditation_date")
    def _onchange_accreditation_date(self):
        """Five years, renewable (seine-et-marne.fr, agrément): a proposal to correct at will."""
        if self.accreditation_date:
            self.accreditation_state = "granted"
            start = self.accreditation_date
            anniversary = fields.Date.add(start, years=5)
            self.accreditation_end_date = self.accreditation_end_date or anniversary - timedelta(days=1)
