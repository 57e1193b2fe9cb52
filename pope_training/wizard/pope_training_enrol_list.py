import base64
import re

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from odoo.addons.pope_crm.core.table_header import find_titles, plain
from odoo.addons.pope_crm.core.table_reader import Table, TableError

MOST = 200  # people of a list
TITLES = {
    "last_name": ["nom", "nom de famille", "nom d'usage", "nom de naissance"],
    "first_name": ["prénom", "prénoms"],
    "name": ["nom et prénom", "nom prénom", "prénom nom", "prénom et nom", "participant", "stagiaire", "personne"],
    "email": ["e-mail", "mail", "courriel", "adresse mail", "adresse e-mail", "adresse électronique"],
    "phone": ["téléphone", "tél", "portable", "mobile", "n° de téléphone", "téléphone portable"],
}


class TrainingEnrolList(models.TransientModel):
    """People enrolled from a list that somebody sent: seen first as it is understood, then done."""

    _name = "pope.training.enrol.list"
    _description = "Enrol from a List"

    event_id = fields.Many2one("event.event", string="Session", required=True, readonly=True, ondelete="cascade")
    employer_id = fields.Many2one("res.partner", string="Employer of All")
    data = fields.Binary(
        string="File of the List", attachment=False, help="A spreadsheet, XLSX or CSV: a person a row."
    )
    filename = fields.Char()
    text = fields.Text(string="The List", help="Copied from a spreadsheet or an e-mail: a person a line.")
    line_ids = fields.One2many(
        "pope.training.enrol.line", "list_id", string="As It Is Understood", compute="_compute_line_ids", store=True
    )

    @api.depends("text", "data", "event_id")
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
        """Name, address and phone of each person of the file, then of the text."""
        people = self._read_file()
        for line in (self.text or "").splitlines():
            if line.strip():
                people.append(self._read_person(re.split(r"[\t;]|,(?=\s)", line)))
        if len(people) > MOST:
            raise UserError(self.env._("More than %(most)s people: cut the list.", most=MOST))
        return people

    def _read_file(self):
        data = self.with_context(bin_size=False).data
        if not data:
            return []
        try:
            sheets = Table(base64.b64decode(data)).text_sheets()
        except TableError as error:
            raise UserError(self.env["pope.import"]._sentence_of_table(error)) from error
        found = find_titles(sheets, {name: [plain(title) for title in usual] for name, usual in TITLES.items()})
        if not found.columns.keys() & {"name", "last_name"}:
            return [self._read_person(row.cells) for row in sheets[0]]
        return [self._read_row(row.cells, found.columns) for row in sheets[found.sheet][found.row + 1 :]]

    def _read_row(self, cells, columns):
        told = {name: cells[column].strip() for name, column in columns.items() if column < len(cells)}
        names = (told.get("name"), told.get("first_name"), told.get("last_name"))
        return {
            "name": " ".join(filter(None, names)) or False,
            "email": email_normalize(told.get("email")),
            "phone": told.get("phone") or False,
        }

    def _read_person(self, cells):
        """Whoever the cells of a line without titles are about, whatever their order."""
        cells = [" ".join(cell.split()) for cell in cells]
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
