"""Small tables are read whole, as texts, and the columns that are wanted are found by their titles on any sheet."""

import io
import random
import unittest
import zipfile

import openpyxl

from odoo.addons.pope_crm.core import table_reader
from odoo.addons.pope_crm.core.table_header import find_titles
from odoo.addons.pope_crm.core.table_reader import Table, TableError

TITLES = {"code": ["codeqpv", "code"], "name": ["nomqpv", "nom"]}
TEXT = "code_qpv;nom_qpv\nQN09338M;Grand Centre - Sémard\nQN09332M;Thorez-Géraux\n"


def workbook(*sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets):
        page = book.create_sheet(f"Feuille {number}")
        for row in rows:
            page.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def read(content):
    return Table(content).text_sheets()


def cells(content):
    return [row.cells for row in read(content)[0]]


class TestTitles(unittest.TestCase):
    def test_every_encoding_gives_the_same_rows(self):
        expected = [["code_qpv", "nom_qpv"], ["QN09338M", "Grand Centre - Sémard"], ["QN09332M", "Thorez-Géraux"]]
        for encoding in ("utf-8", "utf-8-sig", "cp1252", "utf-16"):
            self.assertEqual(cells(TEXT.encode(encoding)), expected, encoding)
        mixed = TEXT.encode().splitlines(keepends=True)
        mixed[1] = mixed[1].decode().encode("cp1252")
        self.assertEqual(cells(b"".join(mixed)), expected)

    def test_every_separator_is_found(self):
        for separator in ";,\t|":
            self.assertEqual(len(cells(TEXT.replace(";", separator).encode())[0]), 2, separator)

    def test_ends_of_lines_of_every_system(self):
        for end in ("\r\n", "\r"):
            self.assertEqual(len(cells(TEXT.replace("\n", end).encode())), 3)

    def test_a_cell_may_hold_the_separator_and_a_new_line(self):
        rows = read(b'a;b\n"x;y";"one\ntwo"\nc;d\n')[0]
        self.assertEqual([row.cells for row in rows], [["a", "b"], ["x;y", "one two"], ["c", "d"]])
        self.assertEqual([row.number for row in rows], [1, 2, 3], "as a spreadsheet counts")

    def test_an_open_quotation_mark_swallows_no_row(self):
        text = "code;nom\n" + 'QN09338M;"Grand Centre\n' + "".join(f"QN0933{n}M;Quartier {n}\n" for n in range(40))
        self.assertEqual(len(cells(text.encode())), 42)

    def test_a_workbook_gives_its_numbers_without_decimals_and_its_blank_rows_go(self):
        rows = [["Code", "INSEE"], [None, None], ["QN00101M", 1053.0], ["QN09338M", "93066"]]
        found = read(workbook(rows))[0]
        self.assertEqual(found[1].cells, ["QN00101M", "1053"])
        self.assertEqual([row.number for row in found], [1, 3, 4])

    def test_titles_are_found_under_others_and_on_another_sheet(self):
        content = workbook(
            [["Lisez-moi"], ["Liste des quartiers"]],
            [["Liste officielle"], [None], ["Nom QPV", "Code QPV 2024"], ["Calon", "QN09365N"]],
        )
        self.assertEqual(find_titles(read(content), TITLES), (1, 1, {"code": 1, "name": 0}))

    def test_what_is_no_table_is_refused_with_its_reason(self):
        bomb = io.BytesIO()
        with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/worksheets/sheet1.xml", b"0" * (table_reader.MAX_UNZIPPED + 1))
        for content, reason in (
            (b"", "empty"),
            (b"\n \n;;\n", "empty"),
            (b"%PDF-1.7 ...", "no_table"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_workbook"),
            (b"PK\x03\x04 no archive", "unreadable"),
            (workbook([["a"]])[:-40], "unreadable"),
            (bomb.getvalue(), "too_big"),
            (b"x" * (table_reader.MAX_FILE + 1), "too_big"),
            (b"a;b\n" * (table_reader.MAX_ROWS + 1), "too_long"),
        ):
            with self.assertRaises(TableError) as refused:
                read(content)
            self.assertEqual(refused.exception.code, reason)

    def test_no_content_whatever_is_a_traceback(self):
        chance = random.Random(20260310)
        samples = [TEXT.encode(), TEXT.encode("utf-16"), workbook([["code", "nom"], ["QN09338M", "Sémard"]])]
        for _round in range(1500):
            content = bytearray(chance.choice(samples))
            for _change in range(chance.randint(1, 12)):
                content[chance.randrange(len(content))] = chance.randrange(256)
            content = bytes(content[: chance.randint(1, len(content))])
            try:
                sheets = read(content)
            except TableError:
                continue
            find_titles(sheets, TITLES)
