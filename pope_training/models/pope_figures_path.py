from datetime import datetime

from odoo import api, fields, models

from odoo.addons.pope_crm.core.suppression import THRESHOLD, hide_small
from odoo.addons.pope_crm.xlsx import key_figures

from .pope_path_report import CROSSED, DIMENSIONS, STEPS


class OpeningFigure(models.Model):
    _inherit = "pope.opening.figure"

    figure = fields.Selection(
        selection_add=[("participants", "Participants of discovery days")], ondelete={"participants": "cascade"}
    )


class Figures(models.AbstractModel):
    """The road into the early-childhood professions, in the same words on the page, in the CAF's activity and in the
    sheet of Contrat de Ville."""

    _inherit = "pope.figures"

    @api.model
    def _groups(self):
        return [*super()._groups(), self._group_paths]

    @api.model
    def _path_words(self):
        """What each step is called, and how it is counted."""
        once = self.env._("A person counts once, whatever their days and their paths.")
        return {
            "attended": (
                self.env._("Participants of discovery days"),
                self.env._("Persons whose first discovery day is in the year, as attendance was noted.") + " " + once,
            ),
            "positioned": (
                self.env._("Persons positioned"),
                self.env._("Persons for whom it is known since the year which training or job suits them.")
                + " "
                + once,
            ),
            "entered": (
                self.env._("Entries into a qualifying training"),
                self.env._("Persons whose first qualifying training of the path began in the year.") + " " + once,
            ),
            "diplomas": (
                self.env._("Diplomas"),
                self.env._("Persons who obtained a diploma in the year, as noted, or as they told.") + " " + once,
            ),
            "jobs_6": (
                self.env._("In a job at 6 months"),
                self.env._(
                    "Persons who told that they were in a job, asked 6 months after their discovery day, where "
                    "these 6 months ended in the year."
                ),
            ),
            "jobs_12": (
                self.env._("In a job at 12 months"),
                self.env._(
                    "Persons who told that they were in a job, asked 12 months after their discovery day, where "
                    "these 12 months ended in the year."
                ),
            ),
        }

    @api.model
    def _path_domain(self, step, year, *conditions):
        return self._ours(*self._within(STEPS[step], year), *conditions)

    @api.model
    def _group_paths(self, year):
        Report = self.env["pope.path.report"]
        start, end = self._bounds(year)
        counts = Report._counts(self.env.company, start, end)
        whole, words = counts[()][()], self._path_words()
        figures = [self._figure_participants(year, whole["attended"])]
        for step, (label, definition) in words.items():
            domain = self._path_domain(step, year)
            figures.append(
                self._figure(f"paths_{step}", label, definition, whole[step], Report._name, domain, people=True)
            )
        tables = [self._figure_crossed(year, names, counts[names]) for names in CROSSED]
        title = self.env._("The early-childhood professions")
        return title, figures + (tables if whole["attended"] else [])

    @api.model
    def _figure_participants(self, year, attended):
        """
        :param attended: participants of the year: the total of last year's figure would tell them when they are few
        """
        Report = self.env["pope.path.report"]
        total = self._published(year).get(("participants", self.env["pope.structure.type"]))
        since = self._ours(*self._since("date_attended", year, total))
        ((known,),) = Report._read_group(since, [], ["partner_id:count_distinct"])
        return self._figure(
            "participants",
            self.env._("Participants of discovery days since the beginning"),
            self.env._(
                "Persons whose first discovery day is in the year or before, added to the total that was published "
                "before the tool. The list shows those that the tool adds."
            ),
            known + (int(total.value) if total else 0),
            Report._name,
            since,
            detail=self._published_words(total),
            people=True,
            known=min(known, attended or known),
        )

    # --- Participants of the year, by two dimensions ---

    @api.model
    def _path_values(self, name, present):
        """The values of a dimension in their order, with their words; those that nobody has are left out but for the
        short lists."""
        if name == "town_id":
            towns = self.env["pope.town"].browse(filter(None, present)).sorted("name")
            none = {False: self.env._("Town not known")} if present - set(towns.ids) else {}
            return {town.id: town.name for town in towns} | none
        if name == "prescriber_id":
            # sudo: the name of an organisation, for who may read the figures
            people = self.env["res.partner"].sudo().browse(filter(None, present)).sorted("name")
            none = {False: self.env._("Nobody, or not known")} if present - set(people.ids) else {}
            return {person.id: person.name for person in people} | none
        words = dict(self.env["pope.path.report"]._fields[name]._description_selection(self.env))
        return {value: words[value] for value in words if name == "district_state" or value in present}

    @api.model
    def _figure_crossed(self, year, names, counts):
        """Participants of the year, rows by the first dimension and columns by the second."""
        titles = self._path_titles()
        down, across = ({key[i] or False for key in counts} for i in (0, 1))
        rows_words, columns_words = self._path_values(names[0], down), self._path_values(names[1], across)
        persons = {(key[0] or False, key[1] or False): steps["attended"] for key, steps in counts.items()}
        Report, rows = self.env["pope.path.report"]._name, []
        for value, word in rows_words.items():
            here = self._path_domain("attended", year, (names[0], "=", value))
            cells = [
                self._cell(persons.get((value, other), 0), Report, [*here, (names[1], "=", other)], word)
                for other in columns_words
            ]
            rows.append(
                {"label": word, "cells": [*cells, self._cell(sum(c["value"] for c in cells), Report, here, word)]}
            )
        sums = [sum(row["cells"][i]["value"] for row in rows) for i in range(len(columns_words) + 1)]
        rows.append({"label": self.env._("Total"), "cells": [self._cell(value) for value in sums], "strong": True})
        return self._figure(
            f"paths_{names[0]}",
            self.env._(
                "Participants of the year, by %(down)s and %(across)s", down=titles[names[0]], across=titles[names[1]]
            ),
            self.env._("Persons whose first discovery day is in the year."),
            sums[-1],
            people=True,
            corner=self._heading(titles[names[0]]),
            columns=[*columns_words.values(), self.env._("Total")],
            rows=rows,
        )

    @api.model
    def _path_titles(self):
        return {
            "town_id": self.env._("town"),
            "district_state": self.env._("QPV"),
            "gender": self.env._("gender"),
            "age_band": self.env._("age"),
            "prescriber_id": self.env._("who sent them"),
        }

    @api.model
    def _heading(self, title):
        return title[:1].upper() + title[1:]

    # --- The sheet of Contrat de Ville ---

    @api.model
    @api.private
    def _path_sheet(self, year):
        """The sheet of a year: each step by each dimension, without small counts.

        :return: name and content of the workbook
        """
        year = self._check_year(year)
        start, end = self._bounds(year)
        counts = self.env["pope.path.report"]._counts(self.env.company, start, end)
        words, titles = self._path_words(), self._path_titles()
        mark = self.env._("hidden")
        participants = self._figure_participants(year, counts[()][()]["attended"])
        figures = [self._outgoing(participants, {}, mark)]
        tables = [self._path_table(name, titles[name], counts[(name,)], words, mark) for name in DIMENSIONS]
        for step, (label, definition) in words.items():
            value = counts[()][()][step]
            figure = self._figure(step, label, definition, value, people=True)
            figures.append(self._outgoing(figure, {}, mark))
        data = {
            "created": datetime(year, 12, 31),
            "company": self.env.company.name,
            "title": self.env._("Contrat de Ville %(year)s: the early-childhood professions", year=year),
            "sheet": self.env._("Contrat de Ville"),
            "counted": self.env._("Counted on %(day)s", day=fields.Date.context_today(self).strftime("%d/%m/%Y")),
            "columns": [self.env._("Figure"), self.env._("Value"), self.env._("Detail"), self.env._("Definition")],
            "note": self.env._(
                "“%(mark)s”: fewer than %(threshold)s persons, or a number from which so few could be deduced.",
                mark=mark,
                threshold=THRESHOLD,
            ),
            "groups": [
                {"title": self.env._("Figures of the year"), "figures": figures},
                {"title": "", "figures": tables},
            ],
        }
        data["groups"][1]["title"] = self.env._("The same, by town, QPV, gender, age and who sent them")
        name = self.env._("Contrat de Ville %(year)s – %(company)s.xlsx", year=year, company=data["company"])
        return name, key_figures.write(data)

    @api.model
    def _path_table(self, dimension, title, counts, words, mark):
        """A row a value, a column a step; each column is hidden on its own, with its total."""
        values = self._path_values(dimension, {key[0] or False for key in counts})
        persons = {key[0] or False: steps for key, steps in counts.items()}
        columns = []
        for step in words:
            column = [[persons[value][step] if value in persons else 0] for value in values]
            columns.append([row[0] for row in hide_small(column)])
        labels = [*values.values(), self.env._("Total")]
        rows = [
            {
                "label": label,
                "cells": [mark if column[i] is None else column[i] for column in columns],
                "strong": i == len(values),
            }
            for i, label in enumerate(labels)
        ]
        return {
            "label": self.env._("By %(dimension)s", dimension=title),
            "value": None,
            "detail": "",
            "definition": "",
            "columns": [self._heading(title), *(label for label, _definition in words.values())],
            "rows": rows if values else [],
        }
