import re

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

MOST = 200  # people of a list


class TrainingEnrolList(models.TransientModel):
    """People enrolled from a list that somebody sent: seen first as it is understood, then done."""

    _name = "pope.training.enrol.list"
    _description = "Enrol from a List"

    event_id = fields.Many2one("event.event", string="Session", required=True, readonly=True, ondelete="cascade")
    employer_id = fields.Many2one("res.partner", string="Employer of All")
    text = fields.Text(string="The List", help="Copied from a spreadsheet or an e-mail: a person a line.")
    line_ids = fields.One2many(
        "pope.training.enrol.line", "list_id", string="As It Is Understood", compute="_compute_line_ids", store=True
    )

    @api.depends("text", "event_id")
    def _compute_line_ids(self):
        for wizard in self:
            people = wizard._read_people()
            found = self.env["res.partner"]._pope_find_people(
                {(person["email"], person["phone"], person["name"]) for person in people},
                wizard.event_id.company_id or self.env.company,
            )
            enrolled = self.env["pope.training.enrolment"].search([("event_id", "=", wizard.event_id.id)]).partner_id
            commands, seen = [Command.clear()], set()
            for person in people:
                key = person["email"], person["phone"], person["name"]
                known = found[key] if person["name"] or person["email"] else self.env["res.partner"]
                known = wizard.event_id._pope_recognised(known, person["name"])
                again = key in seen or (known and known in enrolled)
                seen.add(key)
                unread = not person["name"]
                status = "unreadable" if unread else "already" if again else "known" if known else "new"
                commands.append(Command.create({**person, "partner_id": known.id, "status": status}))
            wizard.line_ids = commands

    def _read_people(self):
        """Name, address and phone of each line, whatever their order."""
        lines = [line for line in (self.text or "").splitlines() if line.strip()]
        if len(lines) > MOST:
            raise UserError(self.env._("More than %(most)s people: cut the list.", most=MOST))
        return [self._read_person(line) for line in lines]

    def _read_person(self, line):
        cells = [" ".join(cell.split()) for cell in re.split(r"[\t;]|,(?=\s)", line)]
        person = {"name": False, "email": False, "phone": False}
        names = []
        for cell in filter(None, cells):
            if "@" in cell and email_normalize(cell):
                person["email"] = email_normalize(cell)
            elif sum(character.isdigit() for character in cell) >= 6:
                person["phone"] = cell
            elif any(character.isalpha() for character in cell):
                names.append(cell)
        person["name"] = " ".join(names[:2]) or False
        return person

    def action_enrol(self):
        self.ensure_one()
        lines = self.line_ids.filtered(lambda line: line.status in ("known", "new"))
        if not lines:
            raise UserError(self.env._("There is nobody to enrol in this list."))
        registrations = self.env["event.registration"].create(
            [
                {
                    "event_id": self.event_id.id,
                    "partner_id": line.partner_id.id,
                    "name": line.partner_id.name or line.name,
                    "email": line.email or line.partner_id.email,
                    "phone": line.phone or line.partner_id.phone,
                }
                for line in lines
            ]
        )
        self._complete(registrations.pope_enrolment_ids)
        return {"type": "ir.actions.act_window_close"}

    def _complete(self, enrolments):
        """What the list tells of all these people."""
        if self.employer_id:
            enrolments.employer_id = self.employer_id


class TrainingEnrolLine(models.TransientModel):
    _name = "pope.training.enrol.line"
    _description = "Person of a List"

    list_id = fields.Many2one("pope.training.enrol.list", required=True, ondelete="cascade")
    name = fields.Char()
    email = fields.Char()
    phone = fields.Char()
    partner_id = fields.Many2one("res.partner", string="Known As")
    status = fields.Selection(
        [
            ("known", "Known: will be enrolled"),
            ("new", "New: will be made and enrolled"),
            ("already", "Enrolled already, or twice in the list"),
            ("unreadable", "No name found"),
        ]
    )
