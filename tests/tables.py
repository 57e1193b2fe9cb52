"""Files as people keep them, written for the tests: clean ones, messy ones, and messy ones at random."""

import csv
import io
import random
from datetime import date, datetime

import xlsxwriter

TOWNS = ["Saint-Denis", "St Denis", "SAINT DENIS", "93200", "Aubervilliers", "93300 Aubervilliers", "bondy"]
TOWNS += ["Le Blanc Mesnil", "La Courneuve (93)", "Épinay sur Seine", "Montreuil", "Pantin"]
TYPES = ["MAM", "mam", "Micro-crèche", "micro crèche", "Crèche parentale", "Café des familles", "LAEP", ""]
STAGES = ["Premier contact", "premier contact ", "1 - Premier contact", "Réunion d'information"]
STAGES += ["DIAGNOSTIC", "Ouvert", "Abandon", ""]
FIRST = ["Awa", "Nadia", "Chloé", "Marie-Hélène", "Fatoumata", "Anaïs", "Zoé", "Inès", "Thị Mai", "José"]
LAST = ["Diallo", "Benali", "Martin", "de la Tour", "EL AMRANI", "N'Diaye", "Nguyễn", "Lefèvre-Duval", "Traoré"]
LAST += ["Œillet"]
HEADERS = ["Nom du projet", "Type de structure", "Ville", "Étape", "Date de premier contact", "Date d'ouverture"]
HEADERS += ["Places", "Assistantes maternelles"]
HEADERS += [f"Porteuse {number} - {name}" for number in (1, 2) for name in ("nom", "prénom", "mail", "tél")]
HEADERS += ["SIRET", "Commentaires"]
DATES = ["12/03/2024", "12 mars 2024", "03/24", "2023-05-17", "1er juin 2022", "45000", "mars 2021", ""]
NASTY = ["#REF!", "douze", "le 12", "32/13/2020", "01.23", "12345678901234", "2,43E+13", "=1+1", "'", '"', '"ouverte']
NASTY += ["a;b,c\td", "ligne\nsuivante", "\u00a0", "0" * 40, "<b>x</b>", "%s {}", "'; DROP TABLE", "-", "néant", "😀"]
NASTY += ["\x00\x01", "1 234,56 €", "x" * 800, "NaN", "1e999", "@", "a@b", "99/99/9999"]


def csv_bytes(rows, separator=";", encoding="utf-8", end="\r\n", quoting=csv.QUOTE_MINIMAL):
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, lineterminator=end, quoting=quoting).writerows(rows)
    return out.getvalue().encode(encoding)


def xlsx_bytes(rows, merged=(), sheet="Feuille 1", before=()):
    """A workbook; `merged` are (first row, column, last row, column, value), `before` other sheets' names."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"strings_to_formulas": False})
    for name in before:
        book.add_worksheet(name)
    page = book.add_worksheet(sheet)
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for line, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, (date, datetime)):
                page.write_datetime(line, column, value, day)
            elif value is not None:
                page.write(line, column, value)
    for area in merged:
        page.merge_range(*area)
    book.close()
    return out.getvalue()


def random_project(draw, number):
    """A row of a file of projects: most are right, some wrong in one way or another."""
    first, last = draw.choice(FIRST), draw.choice(LAST)
    row = [
        f"Projet {draw.choice(['MAM', 'des Lilas', 'Les Petits Pas'])} {number}",
        draw.choice(TYPES),
        draw.choice(TOWNS),
        draw.choice(STAGES),
        draw.choice(DATES),
        draw.choice(["", "", "12/01/2020"]),
        draw.choice(["", "12", "12 places", "8,0"]),
        draw.choice(["", "3", "4 AM"]),
        last,
        first,
        f"p{number}@example.org",
        draw.choice([f"06 12 34 56 {number % 100:02}", "612345678", "+33 6 12 34 56 78", ""]),
        draw.choice(["", last]),
        draw.choice(["", "Bis"]),
        draw.choice(["", f"p{number}.bis@example.org", f"p{number}@example.org"]),
        "",
        draw.choice(["", "732 829 320 00074", "2,43E+13"]),
        draw.choice(["", "RAS", "deux\nlignes", "a;b"]),
    ]
    for _ in range(draw.choice([0, 0, 0, 0, 1, 3])):
        row[draw.randrange(len(row))] = draw.choice(NASTY)
    kind = draw.random()
    if kind < 0.01:
        return ["TOTAL", *[""] * 5, "120"]
    if kind < 0.02:
        return ["", *row]  # shifted
    if kind < 0.03:
        return []
    if kind < 0.035:
        return list(HEADERS)
    if kind < 0.04:
        return [draw.choice(NASTY) for _ in range(draw.randrange(1, 30))]
    return row


def random_file(seed, count, kind=None):
    """Bytes of a file of `count` lines under its headers, and its format."""
    draw = random.Random(seed)
    rows = [random_project(draw, number) for number in range(count)]
    kind = kind or draw.choice(["xlsx", "utf-8", "utf-8-sig", "cp1252", "mixed", "utf-16"])
    head = [["Suivi des projets"], []] if draw.random() < 0.5 else []
    if kind == "xlsx":
        clean = [
            [None if value == "" else value.replace("\x00", "").replace("\x01", "") for value in row] for row in rows
        ]
        return xlsx_bytes([*head, HEADERS, *clean]), "xlsx"
    separator = draw.choice(";,\t")
    if kind == "mixed":
        lines = [
            csv_bytes([row], separator, draw.choice(["utf-8", "cp1252"]) if _fits(row) else "utf-8")
            for row in [*head, HEADERS, *rows]
        ]
        return b"".join(lines), "csv"
    if kind == "cp1252":
        rows = [[value.encode("cp1252", "replace").decode("cp1252") for value in row] for row in rows]
    return csv_bytes([*head, HEADERS, *rows], separator, kind), "csv"


def _fits(row):
    try:
        "".join(map(str, row)).encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True
