"""What importing one row will do, while it is being worked out: plain Python, kept for the length of a lot."""

import re
from hashlib import sha256
from typing import NamedTuple

from ..core.name_index import NameIndex
from ..core.table_reader import fold

CLOSED = {"abandon": "abandoned", "reorient": "reoriented"}  # how a French file says that a project ended


class Seen(NamedTuple):
    """Where the row of a plan was met before."""

    number: int = 0  # above in the same file
    record: object = None  # what it became
    contents: tuple = ()  # digests of what it held when it was imported


class Plan:
    """What one row says, what it will do, and what its person must be told."""

    def __init__(self, number):
        self.number = number  # of the row, as a spreadsheet counts
        self.values = {}  # by target, as they were read
        self.label = ""
        self.key = None  # digest of what tells the row from another
        self.content = None  # digest of all that it says
        self.seen = Seen()
        self.state = None  # that of the row's line, once it is known
        self.remarks = []  # of the reading
        self.forget()

    def forget(self):
        """Back to what was read: the row is worked out anew."""
        self.state = None
        self.refusals = []
        self.words = []  # of the working out
        self.record = None  # what the row is, when it is there already
        self.candidates = []  # what it may be
        self.vals = {}
        self.people = []
        self.organisation = None

    def parties(self):
        return [*self.people, *([self.organisation] if self.organisation else [])]

    def refuse(self, reason):
        self.state = "refused"
        self.refusals.append(reason)

    def told(self):
        return " ".join(self.refusals if self.state == "refused" else self.remarks + self.words) or False


class Party:
    """A person or an organisation that a row names, known or new."""

    def __init__(self, plan, vals, key, is_named=True):
        self.plan, self.vals, self.is_named = plan, vals, is_named
        self.key = key  # what reaches a person; the number, else the name, of an organisation
        self.record = None
        self.twin = None  # the same new one, named by a former row of the lot

    @property
    def name(self):
        return self.vals["name"]

    @property
    def wanted(self):
        return self.vals.get("email"), self.vals.get("phone"), self.name if self.is_named else None

    def reaches(self, person):
        digits = [re.sub(r"\D", "", phone or "")[-9:] for phone in (self.vals.get("phone"), person.phone)]
        return self.key == person.email_normalized or (digits[0] and digits[0] == digits[1])

    def found(self):
        return self.record or (self.twin and self.twin.found())

    def is_new(self):
        return not self.record and not self.twin


class Lookups:
    """The records that cells name, found once for a whole file."""

    def __init__(self, record):
        env = record.env
        self.env = env
        self.langs = [code for code, _name in env["res.lang"].get_installed()]
        self.towns = {}
        self.stages = env["crm.stage"].search([("team_ids", "in", record.team_id.ids)])
        self.opened = set(self.stages.filtered("is_won").ids)
        accompanied = env["crm.stage"]._pope_accompanied_sequence()
        self.accompanied = {stage.id for stage in self.stages if stage.sequence >= accompanied}
        kinds = env["pope.structure.type"].search([])
        # sudo: the reasons for ending are a list that everybody chooses from
        reasons = env["crm.lost.reason"].sudo().search([("pope_outcome", "!=", False)])
        self.outcomes = {reason.id: reason.pope_outcome for reason in reasons}
        users = env["res.users"].search([("share", "=", False)])
        self.indexes = {
            "stage": self._index(self.stages),
            "structure_type": self._index(kinds, codes=True),
            "reason": self._index(reasons),
            "roles": self._index(env["pope.partner.role"].search([]), codes=True),
            "user": NameIndex(
                pair for user in users for pair in ((user.name, user.id), (user.login, user.id), (user.email, user.id))
            ),
        }
        self.opening_fields = {
            kind.id: env["crm.lead"].new({"pope_structure_type_id": kind.id})._pope_opening_fields()
            for kind in (*kinds, env["pope.structure.type"])
        }
        self.projects = {}
        if record.kind == "projects":
            leads = env["crm.lead"].with_context(active_test=False)
            for lead in leads.search_fetch([("team_id", "=", record.team_id.id)], ["name", "pope_town_id"]):
                self.projects.setdefault(fold(lead.name), []).append((lead.id, lead.pope_town_id.id))
        self.organisations = {}
        for organisation in env["res.partner"].search_fetch([("is_company", "=", True)], ["name"]):
            self.organisations.setdefault(fold(organisation.name), []).append(organisation.id)

    def _index(self, records, codes=False):
        pairs = [(record.code.replace("_", " "), record.id) for record in records] if codes else []
        for lang in self.langs:
            pairs += [(record.name, record.id) for record in records.with_context(lang=lang)]
        return NameIndex(pairs)

    def find(self, index, text):
        return self.indexes[index].find(text)

    def near(self, index, text):
        return self.indexes[index].near(text)

    def reasons_of(self, outcome):
        ids = [reason for reason, its_outcome in self.outcomes.items() if its_outcome.startswith(outcome)]
        # sudo: as above
        return self.env["crm.lost.reason"].sudo().browse(ids).mapped("name")

    def town(self, text):
        """A town by its name, postal or INSEE code, or by both in one cell."""
        if text not in self.towns:
            Town = self.env["pope.town"]
            town = Town._find(text)
            for part in () if town else (re.sub(r"\(.*?\)|\d+|\bcedex\b", " ", text, flags=re.IGNORECASE), text):
                words = part if part is not text else " ".join(re.findall(r"\b\d{5}\b", text))
                town = town or Town._find(words)
            self.towns[text] = town.id
        return self.towns[text]

    def near_towns(self, text):
        if "town" not in self.indexes:
            towns = self.env["pope.town"].search_fetch([("active", "=", True)], ["name"])
            self.indexes["town"] = NameIndex((town.name, town.id) for town in towns)
        return self.near("town", text)

    def projects_named(self, name, town):
        """The projects of that name in that town; without one there, those whose town nobody told."""
        same_name = self.projects.get(fold(name), ()) if name else ()
        here = [lead for lead, its_town in same_name if its_town == (town or False)]
        return here or [lead for lead, its_town in same_name if not (town and its_town)]

    def remember(self, plans):
        """What was just made is found by the rows that follow."""
        for plan in plans:
            if plan.organisation and plan.state != "refused":
                same_name = self.organisations.setdefault(fold(plan.organisation.name), [])
                if plan.organisation.record.id not in same_name:
                    same_name.append(plan.organisation.record.id)
            if plan.state == "created" and plan.record._name == "crm.lead":
                same_name = self.projects.setdefault(fold(plan.record.name), [])
                same_name.append((plan.record.id, plan.record.pope_town_id.id))


class Run:
    """A walk through one file: its rows, its columns, and what their cells name."""

    def __init__(self, record):
        self.table = record._open_table()
        self.header = record._header()
        self.applies = record.state == "running"
        self.lookups = Lookups(record)
        self.readers = record._readers()
        targets = {target.name: target for target in record._import_targets(record.kind)}
        self.columns = [
            (column.position + record.header_shift, targets[name], column.name or column.letter)
            for column in record.column_ids
            if (name := (column.field_name or "").partition("/")[2]) in targets
        ]
        self.targets = {target.name for _place, target, _name in self.columns}
        # what a record takes as it was read: of the row itself, of a person, of one holder of several
        self.of_row = [target for target in targets.values() if target.field and not target.per_holder]
        persons = [target for target in record._import_targets("contacts") if target.field]
        self.of_person = {False: persons, True: [target for target in persons if target.per_holder]}
        self.places = {column.position + record.header_shift for column in record.column_ids}
        self.headers = {target.name: name for _place, target, name in self.columns}

    def rows(self, position):
        """The rows under the headers, from the one that follows `position` on."""
        start = max(position, self.header.last)
        return (row for row in self.table.rows() if row.number > start)


def closing_word(text):
    """Whether a stage says that the project ended: "abandoned", "reoriented", or None."""
    plain = fold(text)
    return next((outcome for word, outcome in CLOSED.items() if plain.startswith(word)), None)


def digest(*parts):
    """A row's identity as it is kept: the same for the same row, and nothing can be read from it."""
    return sha256("|".join(map(str, parts)).encode()).hexdigest()[:40]
