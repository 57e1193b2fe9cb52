import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..core.table_header import plain

REFERENCE = re.compile(r"([PL])([1-9]\d{0,8})-([0-9A-F]{12})")
# what a tool may write where a district would stand
OUTSIDE = frozenset(("non", "no", "hors", "horsqpv", "horsqp", "horszone", "aucun", "aucunqpv", "neant", "0", "false"))
NOT_FOUND = re.compile(r"nontrouv|introuv|nonlocalis|nongeocod|nonreconnu|echec|erreur|notfound|aucunresultat|error")


class DistrictAnswer(models.Model):
    """What was known one day of an address: in which district of which list, or outside, and how it was known.

    Rows are added, never rewritten: they are the history. The address itself is not kept, only a mark of it.
    """

    _name = "pope.district.answer"
    _description = "QPV Answer about an Address"
    _order = "date desc, id desc"

    partner_id = fields.Many2one("res.partner", string="Person", ondelete="cascade", index="btree_not_null")
    premises_id = fields.Many2one("pope.premises", ondelete="cascade", index="btree_not_null")
    company_id = fields.Many2one("res.company", compute="_compute_company_id", search="_search_company_id")
    state = fields.Selection([("in", "In a QPV"), ("out", "Outside QPV")], string="Answer", required=True)
    district_id = fields.Many2one("pope.district", string="QPV", ondelete="restrict", index="btree_not_null")
    generation_id = fields.Many2one(
        "pope.district.generation",
        string="List",
        compute="_compute_generation_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        ondelete="restrict",
        index=True,
    )
    date = fields.Date(string="Checked On", required=True, default=fields.Date.context_today)
    method = fields.Selection(
        [
            ("map", "Looked up on the official map"),
            ("told", "Told by the person"),
            ("batch", "The State's tool, from a file"),
            ("other", "Other"),
        ],
        string="How It Is Known",
        required=True,
        default="map",
    )
    address_key = fields.Char(readonly=True, copy=False)
    town_id = fields.Many2one("pope.town", compute="_compute_town_id")
    is_current = fields.Boolean(string="In Force", compute="_compute_is_current")

    _district_when_in = models.Constraint(
        "CHECK ((state = 'in') = (district_id IS NOT NULL))", "In a QPV: say which one. Outside: no QPV."
    )

    @api.depends("partner_id.company_id", "premises_id.company_id")
    def _compute_company_id(self):
        for answer in self:
            answer.company_id = answer.premises_id.company_id or answer.partner_id.company_id

    def _search_company_id(self, operator, value):
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        of_place = Domain("premises_id", "!=", False) & Domain("premises_id.company_id", operator, value)
        of_person = Domain("premises_id", "=", False) & Domain("partner_id.company_id", operator, value)
        return of_place | of_person

    @api.depends("district_id")
    def _compute_generation_id(self):
        in_force = self.env["pope.district.generation"]._in_force()
        for answer in self:
            answer.generation_id = answer.district_id.generation_id or answer.generation_id or in_force

    @api.depends("partner_id", "premises_id")
    def _compute_town_id(self):
        for answer in self:
            answer.town_id = answer._subject()._pope_address_town()

    @api.depends("partner_id.pope_district_answer_id", "premises_id.pope_district_answer_id")
    def _compute_is_current(self):
        for answer in self:
            answer.is_current = answer._origin and answer._origin == answer._subject().pope_district_answer_id._origin

    @api.depends("state", "district_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for answer in self:
            answer.display_name = answer.district_id.display_name or labels.get(answer.state)

    @api.constrains("state", "partner_id", "premises_id")
    def _check_subject(self):
        if any(bool(answer.partner_id) == bool(answer.premises_id) for answer in self):
            raise ValidationError(self.env._("An answer is about a person or about premises: one of them."))

    @api.constrains("date")
    def _check_date(self):
        if any(answer.date > fields.Date.context_today(self) for answer in self):
            raise ValidationError(self.env._("An address cannot have been checked on a day to come."))

    @api.model_create_multi
    def create(self, vals_list):
        """An answer holds for the address of that moment."""
        Partner, Premises = self.env["res.partner"], self.env["pope.premises"]
        values_list = []
        for vals in vals_list:
            subject = Premises.browse(vals.get("premises_id")) or Partner.browse(vals.get("partner_id"))
            district = vals.get("district_id") if vals.get("state") == "in" else False
            values_list.append(
                {**vals, "district_id": district, "address_key": subject and subject._pope_address_key()}
            )
        return super().create(values_list)

    def action_withdraw(self):
        """It was a mistake: the address is not checked any more; the row stays in the history."""
        self.address_key = False

    def _subject(self):
        self.ensure_one()
        return self.premises_id or self.partner_id

    # --- Addresses out, answers in ---

    @api.model
    def _reference(self, subject):
        """What stands for a person or a place in the file that goes out; tells whether its address changed since."""
        kind = "L" if subject._name == "pope.premises" else "P"
        return f"{kind}{subject.id}-{subject._pope_address_key().upper()}"

    @api.model
    def _take_answers(self, rows, generation, date, empty_is_outside, apply=False):
        """Write down what the State's tool answered.

        :param rows: pairs of a row number and a dict with `reference`, `code`, `name`, `result`
        :param bool empty_is_outside: whether a row without district says that the address is outside, or says nothing
        :param bool apply: only tell what would happen when false
        :return: dicts with `row`, `label`, `outcome`, `reason`
        """
        subjects = self._subjects_of(cells.get("reference") for _number, cells in rows)
        find_district = generation._district_finder(cells for _number, cells in rows)
        outcomes, values_list, seen = [], [], {}
        for number, cells in rows:
            reference = (cells.get("reference") or "").strip().upper()
            subject = subjects.get(reference)
            outcome, reason, district = "refused", "", self.env["pope.district"]
            if not reference:
                reason = self.env._("No reference.")
            elif subject is None:
                reason = self.env._("This reference is none of ours.")
            elif reference in seen:
                reason = self.env._("The reference is on row %(row)s already.", row=seen[reference])
            elif self._reference(subject) != reference:
                reason = self.env._("The address changed since the file went out: check it again.")
            else:
                seen[reference] = number
                outcome, district, reason = self._read_answer(cells, find_district, empty_is_outside, subject)
            if outcome in ("in", "out"):
                current = subject.pope_district_answer_id
                if (current.state, current.district_id, current.generation_id) == (outcome, district, generation):
                    outcome = "unchanged"
                elif current.date and current.date > date:
                    outcome, reason = "refused", self.env._("A later answer is known for this address.")
                else:
                    field = "premises_id" if subject._name == "pope.premises" else "partner_id"
                    values = {"state": outcome, "district_id": district.id, "generation_id": generation.id}
                    values_list.append({**values, field: subject.id, "date": date, "method": "batch"})
            label = " · ".join(filter(None, (reference[:40], (subject or self).display_name, district.name)))
            outcomes.append({"row": number, "label": label, "outcome": outcome, "reason": reason})
        if apply:
            self.create(values_list)
        return outcomes

    @api.model
    def _subjects_of(self, references):
        """Persons and premises by reference, as far as the user may see them."""
        wanted = {"P": {}, "L": {}}
        for reference in {(reference or "").strip().upper() for reference in references}:
            if match := REFERENCE.fullmatch(reference):
                wanted[match.group(1)].setdefault(int(match.group(2)), set()).add(reference)
        subjects = {}
        for kind, model in (("P", "res.partner"), ("L", "pope.premises")):
            found = self.env[model].with_context(active_test=False).search([("id", "in", list(wanted[kind]))])
            for subject in self.env[model].browse(found.ids):
                subjects.update(dict.fromkeys(wanted[kind][subject.id], subject))
        return subjects

    @api.model
    def _read_answer(self, cells, find_district, empty_is_outside, subject):
        """The outcome of a row, its district, and why when there is none."""
        nothing = self.env["pope.district"]
        code, name, result = (cells.get(column) or "" for column in ("code", "name", "result"))
        if NOT_FOUND.search(plain(result)):
            return "unknown", nothing, self.env._("The tool did not find the address: it stays not checked.")
        if plain(code) in OUTSIDE or (not code and plain(name) in OUTSIDE):
            return "out", nothing, ""
        if not code and not name:
            if empty_is_outside:
                return "out", nothing, ""
            return "unknown", nothing, self.env._("No QPV in this row: it stays not checked.")
        district, reason = find_district(code, name, subject._pope_address_town())
        return ("in" if district else "refused"), district, reason
