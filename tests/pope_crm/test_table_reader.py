"""Files as people keep them, read without a database."""

import csv
import io
import random
import tracemalloc
import unittest
import zipfile
from datetime import date
from decimal import Decimal

from openpyxl import load_workbook

from odoo.addons.pope_crm.core import table_values
from odoo.addons.pope_crm.core.name_index import NameIndex
from odoo.addons.pope_crm.core.table_header import Matcher
from odoo.addons.pope_crm.core.table_reader import Header, Table, TableError, find_header, find_shift, is_total
from odoo.addons.pope_crm.core.table_values import Unreadable, names_agree, split_name
from odoo.addons.pope_crm.core.table_writer import rows_with_reasons

from ..tables import csv_bytes, random_file, random_project, xlsx_bytes

MATCHER = Matcher(
    {"Nom du projet": "name", "Projet": "name", "Ville": "town", "Date d'ouverture": "opened_on", "Prénoms": "x"},
    {
        "Nom": "last_name",
        "Prénom": "first_name",
        "E-mail": "email",
        "Mail": "email",
        "Tél": "phone",
        "Nom prénom": "name",
    },
    ["Porteuse, Porteur", "AM"],
)


def cells(data, **options):
    return [row.cells for row in Table(data, **options).rows()]


class TestSeparatedFiles(unittest.TestCase):
    rows = [["Prénom", "Ville"], ["Zoé", "Épinay"], ["Œuf", "L’Île – Saint"]]

    def test_any_encoding_gives_the_same_words(self):
        for encoding, found in (
            ("utf-8", "utf-8"),
            ("utf-8-sig", "utf-8-sig"),
            ("cp1252", "windows-1252"),
            ("utf-16", "utf-16"),
            ("utf-16-le", "utf-16-le"),
        ):
            table = Table(csv_bytes(self.rows, encoding=encoding))
            self.assertEqual(table.encoding, found)
            self.assertEqual([row.cells for row in table.rows()], self.rows, encoding)

    def test_encodings_mixed_line_by_line_and_within_a_line(self):
        encodings = ("cp1252", "utf-8", "cp1252")
        data = b"".join(csv_bytes([row], encoding=each) for row, each in zip(self.rows, encodings, strict=True))
        self.assertEqual(cells(data), self.rows)
        self.assertEqual(Table(data).encoding, "mixed")
        self.assertEqual(cells("Zoé;".encode() + "Épinay".encode("cp1252")), [["Zoé", "Épinay"]])

    def test_any_separator_is_found_even_where_cells_hold_the_others(self):
        rows = [["Nom", "Montant", "Note"], ["A", "1 234,56 €", "x; y, z"], ["B", "12,50", "a, b; c"]]
        rows.append(["C", "1,00", "d"])
        for separator in ";,\t|":
            self.assertEqual(cells(csv_bytes(rows, separator)), rows, separator)
        declared = Table(b"sep=,\r\na;b,c\r\n")
        self.assertEqual((declared.separator, [row.cells for row in declared.rows()]), (",", [["a;b", "c"]]))

    def test_line_ends_of_any_machine_and_within_a_cell(self):
        rows = [["Nom", "Adresse"], ["A", "1 rue X\n93200 Saint-Denis"], ["B", "2 rue Y"]]
        for end in ("\n", "\r\n", "\r"):
            self.assertEqual(cells(csv_bytes(rows, end=end, quoting=csv.QUOTE_ALL)), rows, repr(end))

    def test_a_quote_that_is_never_closed_swallows_no_row(self):
        lines = [
            "Nom;Ville",
            '"MAM Les Petits;Bondy',
            "B;Pantin",
            'C "dite";Stains',
            '"D";"Bagnolet"',
            '5" écran;Gagny',
        ]
        found = cells("\n".join(lines).encode())
        self.assertEqual(len(found), len(lines))
        self.assertEqual(found[1], ['"MAM Les Petits', "Bondy"])
        self.assertEqual(found[4], ["D", "Bagnolet"])

    def test_two_stray_quotes_swallow_no_row_between_them(self):
        lines = ["Nom;Ville;Places", 'A;";Bondy', "B;Pantin;12", "C;Stains;16", 'D;dite";8', "E;Bobigny;4"]
        self.assertEqual([row[0] for row in cells("\n".join(lines).encode())], ["Nom", "A", "B", "C", "D", "E"])
        rows = [["Nom", "Notes", "Places"], ["A", "vue ; revue\nbien", "12"], ["B", "", "8"]]
        self.assertEqual(cells(csv_bytes(rows)), [rows[0], rows[1], ["B", None, "8"]])

    def test_blank_lines_and_empty_columns_are_left_out_and_rows_keep_their_number(self):
        table = Table(b"Nom;Ville;;;\n;;;;\n\nA;Bondy;;;\n")
        self.assertEqual(
            [(row.number, row.cells) for row in table.rows()], [(1, ["Nom", "Ville"]), (4, ["A", "Bondy"])]
        )

    def test_what_is_no_table_is_told(self):
        for data, code in (
            (b"", "empty"),
            (b" \n \n", "empty"),
            (b"%PDF-1.7 ...", "no_table"),
            (b"<html><table></table></html>", "no_table"),
            (b"\xd0\xcf\x11\xe0 old workbook", "old_workbook"),
            (b"PK\x03\x04 damaged", "unreadable"),
        ):
            with self.assertRaises(TableError) as refusal:
                list(Table(data).rows())
            self.assertEqual(refusal.exception.code, code, data)

    def test_rows_come_one_at_a_time(self):
        def peak(count):
            data = csv_bytes([[f"Nom {n}", f"p{n}@example.org", "x" * 100] for n in range(count)])
            table = Table(data)
            tracemalloc.start()
            number = sum(1 for _row in table.rows())
            _now, most = tracemalloc.get_traced_memory()
            tracemalloc.stop()
            self.assertEqual(number, count)
            return most

        peak(100)
        self.assertLess(peak(20000), 2 * peak(2000))


class TestWorkbooks(unittest.TestCase):
    def test_dates_numbers_and_errors_are_kept_as_they_are(self):
        rows = [["Nom", "Né le", "Places", "SIRET"], ["A", date(1990, 5, 17), 12, 73282932000074]]
        rows.append(["B", None, 3.5, "#REF!"])
        self.assertEqual(cells(xlsx_bytes(rows)), rows)

    def test_cells_merged_downwards_mean_each_of_their_rows(self):
        data = xlsx_bytes(
            [["Projet", "Porteuse"], [None, "Awa"], [None, "Nadia"], [None, "Chloé"], ["MAM B", "Inès"]],
            merged=[(1, 0, 3, 0, "MAM A")],
        )
        self.assertEqual(cells(data)[1:], [["MAM A", "Awa"], ["MAM A", "Nadia"], ["MAM A", "Chloé"], ["MAM B", "Inès"]])

    def test_the_first_sheet_that_holds_rows_or_the_one_asked_for(self):
        data = xlsx_bytes([["Nom"], ["A"]], sheet="Suivi 2024", before=["Lisez-moi"])
        table = Table(data)
        self.assertEqual((table.sheet, table.sheets), ("Suivi 2024", ["Lisez-moi", "Suivi 2024"]))
        for sheet, code in (("Suivi", "no_sheet"), ("Lisez-moi", "empty")):
            with self.assertRaises(TableError) as refusal:
                Table(data, sheet=sheet)
            self.assertEqual(refusal.exception.code, code)

    def test_a_workbook_that_would_fill_the_memory_is_refused(self):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/workbook.xml", "x")
            archive.writestr("xl/worksheets/sheet1.xml", b"0" * (301 * 2**20))
        with self.assertRaises(TableError) as refusal:
            Table(out.getvalue())
        self.assertEqual(refusal.exception.code, "too_big")

    def test_an_open_document_is_told_as_such(self):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
            archive.writestr("content.xml", "<x/>")
        with self.assertRaises(TableError) as refusal:
            Table(out.getvalue())
        self.assertEqual(refusal.exception.code, "open_document")


class TestHeaders(unittest.TestCase):
    def header_of(self, rows, line=None):
        return find_header(Table(csv_bytes(rows)).rows(), MATCHER.field_of, line)

    def test_titles_above_the_headers_are_left_out(self):
        rows = [["Suivi des projets"], ["au 12/03/2024"], [], ["Nom du projet", "Ville"], ["MAM A", "Bondy"]]
        header = self.header_of(rows)
        self.assertEqual((header.first, header.last, header.names), (4, 4, ["Nom du projet", "Ville"]))

    def test_headers_on_two_lines_with_a_title_over_several_columns(self):
        header = self.header_of(
            [
                ["Projet", "", "Porteuse 1", "", "", "Porteuse 2", ""],
                ["", "Ville", "Nom", "Prénom", "Mail", "Nom", "Prénom"],
                ["MAM A", "Bondy", "Diallo", "Awa", "a@b.fr", "Benali", "Nadia"],
            ]
        )
        self.assertEqual((header.first, header.last), (1, 2))
        first = [f"holder_1_{name}" for name in ("last_name", "first_name", "email")]
        second = ["holder_2_last_name", "holder_2_first_name"]
        self.assertEqual(MATCHER.fields_of(header.names), ["name", "town", *first, *second])

    def test_a_header_cut_over_two_lines_is_one(self):
        rows = [["Nom du", "Date", ""], ["projet", "d'ouverture", "Ville"], ["MAM A", "12/03/2024", "Bondy"]]
        self.assertEqual(MATCHER.fields_of(self.header_of(rows).names), ["name", "opened_on", "town"])

    def test_unknown_headers_are_the_first_line_of_several_texts(self):
        header = self.header_of([["Titre"], ["Colonne X", "Colonne Y"], ["1", "2"]])
        self.assertEqual((header.last, header.names), (2, ["Colonne X", "Colonne Y"]))
        with self.assertRaises(TableError):
            find_header(Table(xlsx_bytes([[1, 2], [3, 4]])).rows(), MATCHER.field_of)

    def test_a_person_may_say_which_line_it_is(self):
        header = self.header_of([["Ville", "Projet"], ["Colonne X", "Colonne Y"], ["1", "2"]], line=2)
        self.assertEqual(header.last, 2)

    def test_data_shifted_from_its_headers_is_seen(self):
        rows = list(Table(csv_bytes([[str(n), "Awa", f"a{n}@b.fr", "0612345678"] for n in range(5)])).rows())
        plausible = {1: lambda value: "@" in value, 2: lambda value: value.isdigit()}
        self.assertEqual(find_shift(rows, plausible), 1)
        self.assertEqual(find_shift(rows, {2: lambda value: "@" in value}), 0)

    def test_words_of_a_holder_with_and_without_numbers(self):
        for header, field in (
            ("Porteuse 1 - nom", "holder_1_last_name"),
            ("PORTEUSE N°2 (e-mail)", "holder_2_email"),
            ("Tél. AM 3", "holder_3_phone"),
            ("2e porteuse : prénom", "holder_2_first_name"),
            ("Deuxième porteur Mail", "holder_2_email"),
            ("Porteuse4", "holder_4_name"),
            ("mail", "holder_1_email"),
            ("Porteuse 7 - nom", None),
            ("Mail de la PMI", None),
            ("Ville", "town"),
        ):
            self.assertEqual(MATCHER.field_of(header), field, header)

    def test_the_same_headers_again_are_the_next_holder(self):
        fields = [f"holder_{number}_{name}" for number in (1, 2) for name in ("last_name", "email")]
        headers = ["Projet", "Nom", "Mail", "Nom", "Mail", "Nom"]
        self.assertEqual(MATCHER.fields_of(headers), ["name", *fields, "holder_3_last_name"])

    def test_a_single_name_is_the_projects_unless_something_else_is(self):
        self.assertEqual(MATCHER.fields_of(["Nom", "Ville"]), ["name", "town"])
        self.assertEqual(MATCHER.fields_of(["Nom", "Prénom"]), ["holder_1_last_name", "holder_1_first_name"])

    def test_totals_are_told_from_rows(self):
        for row in (
            ["TOTAL", None, 12],
            ["Sous-total :", "1 234,56 €"],
            ["Total général", "12 projets"],
            ["Moyenne", 3.5],
        ):
            self.assertTrue(is_total(row), row)
        for row in (["Total Énergies", "Paris"], ["MAM Les Lilas", 12], [12, "Total"], ["Somme toute", "Bondy"]):
            self.assertFalse(is_total(row), row)


class TestValues(unittest.TestCase):
    def refuses(self, read, value, code):
        with self.assertRaises(Unreadable) as refusal:
            read(value)
        self.assertEqual(refusal.exception.code, code, value)

    def test_days_as_french_files_write_them(self):
        for value in (
            "12/03/2024", "12-3-24", "12.03.2024", "2024-03-12", "2024-03-12 10:00:00", "12 mars 2024",
            "mardi 12 mars 2024", "20240312", "45363", 45363, date(2024, 3, 12),
        ):  # fmt: skip
            self.assertEqual(table_values.day(value), date(2024, 3, 12), value)
        for value, found in (
            ("03/24", date(2024, 3, 1)),
            ("mars 2024", date(2024, 3, 1)),
            ("1er février 2024", date(2024, 2, 1)),
            ("août 19", date(2019, 8, 1)),
            ("2024", date(2024, 1, 1)),
            ("12/03/68", date(1968, 3, 12)),
            ("néant", None),
            ("-", None),
        ):
            self.assertEqual(table_values.day(value, date(2026, 1, 1)), found, value)
        for value in ("31/02/2024", "13/24", "bientôt", "12/25/2024", True, "0", "99999999"):
            self.refuses(table_values.day, value, "date")

    def test_amounts_as_french_files_write_them(self):
        for value, found in (
            ("1 234,56 €", "1234.56"),
            ("1\u202f234,56\u00a0EUR", "1234.56"),
            ("1.234,56", "1234.56"),
            ("1,234.56", "1234.56"),
            ("1'234,5", "1234.5"),
            ("-12,50", "-12.50"),
            ("12,50-", "-12.50"),
            ("(12,50)", "-12.50"),
            ("−3", "-3"),
            ("1 234", "1234"),
            ("1.234.567", "1234567"),
            (12.5, "12.5"),
            ("", None),
        ):
            self.assertEqual(table_values.amount(value), found and Decimal(found), value)
        for value in ("douze", "12/03", "1e", "1,2,3,"):
            self.refuses(table_values.amount, value, "number")
        self.assertEqual((table_values.whole("12 places"), table_values.number("3,5 ETP")), (12, 3.5))
        self.refuses(table_values.whole, "3,5", "whole")
        self.refuses(table_values.whole, -1, "number")
        self.refuses(table_values.whole, "1e999", "number")

    def test_a_siret_destroyed_by_a_spreadsheet_is_told_as_such(self):
        self.assertEqual(table_values.siret("732 829 320 00074"), "73282932000074")
        self.assertEqual(table_values.siret(73282932000074), "73282932000074")
        self.assertEqual(table_values.siret("356000000 00048"), "35600000000048")
        for value in ("2,43E+13", "2.43E+13", 24300000000000):
            self.refuses(table_values.siret, value, "destroyed")
        self.refuses(table_values.siret, "73282932000075", "siret")
        self.refuses(table_values.siret, "abc", "siret")

    def test_phones_and_addresses(self):
        for value in (
            "06.12.34.56.78",
            "0612345678",
            612345678,
            "+33 6 12 34 56 78",
            "0033612345678",
            "+33 (0)6 12 34 56 78",
        ):
            self.assertEqual(table_values.phones(value), ["06 12 34 56 78"], value)
        self.assertEqual(table_values.phones("06 12 34 56 78 / 01 23 45 67 89"), ["06 12 34 56 78", "01 23 45 67 89"])
        self.assertEqual(table_values.phones("+221 77 123 45 67"), ["+221771234567"])
        self.refuses(table_values.phones, "6,12E+08", "destroyed")
        self.refuses(table_values.phones, "12", "phone")
        self.assertEqual(table_values.emails("Awa <Awa.D@Example.org>; b@c.fr"), ["awa.d@example.org", "b@c.fr"])
        self.assertEqual(table_values.emails("néant"), [])
        self.refuses(table_values.emails, "awa.example.org", "email")
        self.refuses(table_values.text, "#REF!", "error")

    def test_names_in_one_cell(self):
        for full, header, found in (
            ("Mme Awa DIALLO", "", ("mrs", "Awa", "DIALLO")),
            ("DIALLO-TRAORÉ Awa Marie", "", (None, "Awa Marie", "DIALLO-TRAORÉ")),
            ("Diallo, Awa", "", (None, "Awa", "Diallo")),
            ("Diallo Awa", "Nom et prénom", (None, "Awa", "Diallo")),
            ("M. Paul Sow", "Prénom NOM", ("mr", "Paul", "Sow")),
            ("Awa Diallo", "Porteuse 1", (None, "", "")),
            ("Marie de la Tour", "Nom prénom", (None, "", "")),
        ):
            self.assertEqual(tuple(split_name(full, header)), found, full)

    def test_two_names_of_one_person(self):
        for one, other in (
            ("Awa DIALLO", "Diallo Awa"),
            ("A. Diallo", "Awa Diallo"),
            ("Awa Diallo", "Awa Diallo-Traoré"),
            ("Zoé", "ZOE L."),
        ):
            self.assertTrue(names_agree(one, other) and names_agree(other, one), (one, other))
        for one, other in (("Awa Diallo", "Paul Diallo"), ("Awa Diallo", "Nadia Benali")):
            self.assertFalse(names_agree(one, other), (one, other))

    def test_records_by_the_names_people_give_them(self):
        index = NameIndex(
            [
                ("Maison d'assistantes maternelles (MAM)", 1),
                ("mam", 1),
                ("Micro-crèche", 2),
                ("Crèche parentale", 3),
                ("Ouvert", 4),
                ("Réunion d'information", 5),
            ]
        )
        for text, found in (
            ("MAM", 1), ("mams", 1), ("Maison d’Assistantes Maternelles", 1), ("MICRO CRECHE", 2), ("micro-crèches", 2),
            ("Micro-crèche PSU", 2), ("parentale", 3), ("Ouvertes", 4), ("Réunion info", 5), ("crèche", None),
            ("garderie", None), ("", None),
        ):  # fmt: skip
            self.assertEqual(index.find(text), found, text)
        self.assertEqual(index.near("Micro-creches"), ["Micro-crèche"])


class TestGivenBack(unittest.TestCase):
    def test_separated_rows_come_back_as_they_were_written(self):
        rows = [["Titre"], ["Nom", "Ville", "Note"], ["Zoé", "Épinay"], ["B", "Bondy", "x; y"], ["C", "Pantin", "z"]]
        table = Table(csv_bytes(rows, encoding="cp1252"))
        given = rows_with_reasons(table, Header(2, 2, rows[1]), {3: "Parce que ; oui", 4: "Non"}, "Motif du refus")
        self.assertEqual(
            given.decode("cp1252").splitlines(),
            ["Titre", "Nom;Ville;Note;Motif du refus", 'Zoé;Épinay;;"Parce que ; oui"', 'B;Bondy;"x; y";Non'],
        )
        again = Table(given)
        self.assertEqual((again.encoding, again.separator), (table.encoding, table.separator))
        header = Header(2, 2, next(row.cells for row in again.rows() if row.number == 2))
        third = rows_with_reasons(again, header, {3: "Encore"}, "Motif du refus")
        self.assertIn("Zoé;Épinay;;Encore", third.decode("cp1252").splitlines())

    def test_a_workbook_comes_back_as_a_workbook_with_its_dates(self):
        rows = [["Nom", "Né le", "Places"], ["A", date(1990, 5, 17), 12], ["=1+1", date(1991, 5, 17), 3.5]]
        given = rows_with_reasons(Table(xlsx_bytes(rows)), Header(1, 1, rows[0]), {3: "Non"}, "Motif du refus")
        sheet = load_workbook(io.BytesIO(given)).active
        self.assertEqual(
            [[getattr(cell.value, "date", lambda cell=cell: cell.value)() for cell in row] for row in sheet.rows],
            [["Nom", "Né le", "Places", "Motif du refus"], ["=1+1", date(1991, 5, 17), 3.5, "Non"]],
        )
        self.assertEqual(sheet["A2"].data_type, "s", "text, not a formula")


class TestFuzz(unittest.TestCase):
    def test_ten_thousand_random_rows_none_is_lost(self):
        for seed in range(10):
            data, kind = random_file(seed, 1000)
            table = Table(data)
            self.assertEqual(table.format, kind)
            draw = random.Random(seed)
            written = [random_project(draw, number) for number in range(1000)]
            filled = [row for row in written if any(value.strip("\x00\x01\xa0 ") for value in row)]
            rows = list(table.rows())
            header = find_header(iter(rows), MATCHER.field_of)
            self.assertEqual(sum(row.number > header.last for row in rows), len(filled), (seed, kind))

    def test_damaged_bytes_are_read_or_told_never_a_crash(self):
        for seed in range(60):
            draw = random.Random(seed)
            data = bytearray(random_file(seed % 6, 40)[0])
            for _ in range(draw.choice([1, 5, 50])):
                data[draw.randrange(len(data))] = draw.randrange(256)
            data = bytes(data[: draw.choice([len(data), len(data) // 2])])
            try:
                table = Table(data)
                rows = list(table.rows())
                find_header(iter(rows), MATCHER.field_of)
            except TableError:
                continue
            for row in rows:
                for value in row.cells:
                    for read in (table_values.day, table_values.amount, table_values.phones, table_values.siret):
                        try:
                            read(value)
                        except Unreadable:
                            continue
