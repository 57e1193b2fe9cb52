"""The accounting entries file of any software is read to the cent, and what is wrong in it is told by line."""

import random
import tracemalloc
from datetime import date

from odoo.tests import BaseCase, tagged

from odoo.addons.pope_crm.core.fec import LEFT_OUT, Fec, cents
from odoo.addons.pope_crm.core.table_reader import TableError

COLUMNS = [
    "JournalCode",
    "JournalLib",
    "EcritureNum",
    "EcritureDate",
    "CompteNum",
    "CompteLib",
    "CompAuxNum",
    "CompAuxLib",
    "PieceRef",
    "PieceDate",
    "EcritureLib",
    "Debit",
    "Credit",
    "EcritureLet",
    "DateLet",
    "ValidDate",
    "Montantdevise",
    "Idevise",
]
SIDED = [{"Debit": "Montant", "Credit": "Sens"}.get(name, name) for name in COLUMNS]


def line(number, account, debit="", credit="", day="20250315", label="Loyer de février", **said):
    values = {
        "JournalCode": "OD",
        "JournalLib": "Opérations diverses",
        "EcritureNum": str(number),
        "EcritureDate": day,
        "CompteNum": account,
        "CompteLib": f"Compte {account}",
        "PieceRef": f"P{number}",
        "PieceDate": day,
        "EcritureLib": label,
        "Debit": debit,
        "Credit": credit,
        "Montant": debit or credit,
        "Sens": "D" if debit else "C",
        "ValidDate": "20260131",
    }
    return values | said


RENT = [line(1, "613200", "850,50"), line(1, "512000", "", "850,50")]


def written(lines, columns=COLUMNS, separator="\t", ending="\r\n", encoding="utf-8", dress=str):
    rows = [separator.join(columns)]
    rows += [separator.join(dress(values.get(name, "")) for name in columns) for values in lines]
    return (ending.join(rows) + ending).encode(encoding)


@tagged("post_install", "-at_install")
class TestFec(BaseCase):
    def codes(self, fec):
        list(fec)
        return [(problem.number, problem.code) for problem in fec.problems]

    def assert_rent(self, data):
        fec = Fec(data)
        rent, bank = list(fec)
        self.assertEqual((rent.account, rent.debit, rent.credit), ("613200", 85050, 0))
        self.assertEqual((bank.account, bank.debit, bank.credit), ("512000", 0, 85050))
        self.assertEqual((rent.date, rent.entry, rent.label), (date(2025, 3, 15), "1", "Loyer de février"))
        self.assertEqual((fec.debit, fec.credit, fec.problems), (85050, 85050, []))
        return fec

    def test_every_encoding_separator_and_line_ending_reads_the_same(self):
        for encoding in ("utf-8", "utf-8-sig", "windows-1252", "iso-8859-15", "cp850"):
            for separator in "\t|;":
                for ending in ("\r\n", "\n", "\r", "\r\r\n"):
                    with self.subTest(encoding=encoding, separator=separator, ending=ending):
                        self.assert_rent(written(RENT, separator=separator, ending=ending, encoding=encoding))

    def test_each_encoding_of_the_euro_and_the_ligature_is_told_apart(self):
        oddly = [values | {"EcritureLib": "Cœur d'été, 5 €"} for values in RENT]
        for encoding in ("windows-1252", "iso-8859-15"):
            self.assertEqual({row.label for row in Fec(written(oddly, encoding=encoding))}, {"Cœur d'été, 5 €"})

    def test_amount_and_side_may_stand_for_debit_and_credit(self):
        self.assert_rent(written(RENT, columns=SIDED))
        signs = [values | {"Sens": "+1" if values["Sens"] == "D" else "-1"} for values in RENT]
        self.assert_rent(written(signs, columns=SIDED))

    def test_padded_quoted_and_additional_columns_are_read(self):
        self.assert_rent(written(RENT, dress=lambda cell: f"{cell:<30}"))
        self.assert_rent(written(RENT, columns=[*COLUMNS, "DateRglt", "ModeRglt", "NatOp", "IdClient"]))
        quoted = written(RENT, separator=";", dress='"{}"'.format).replace(b";".join(map(str.encode, COLUMNS)), b"")
        header = ";".join(f'"{name}"' for name in COLUMNS).encode()
        self.assert_rent(header + quoted)
        stray = [values | {"EcritureLib": 'Salle "bleue'} for values in RENT]
        self.assertEqual({row.label for row in Fec(written(stray))}, {'Salle "bleue'})

    def test_amounts_are_read_as_they_are_written(self):
        for text, expected in {
            "": 0,
            "12": 1200,
            "12,5": 1250,
            "12.50": 1250,
            "1 234,56": 123456,
            "1\u202f234,56": 123456,
            "1.234,56": 123456,
            "-7,00": -700,
            "12.340000": 1234,
            ",5": 50,
        }.items():
            self.assertEqual(cents(text), expected, text)
        for text in ("douze", "1,2,3", "1.005", "²"):
            with self.assertRaises(ValueError, msg=text):
                cents(text)

    def test_what_cannot_be_counted_is_told_with_its_line(self):
        wrong = [
            *RENT,
            line(2, "613200", "12", day="20251332"),
            line(3, "", "12"),
            line(4, "606000", "douze"),
        ]
        data = written(wrong) + b"OD\t\t5\t20250315\t606000\r\n"
        fec = Fec(data)
        self.assertEqual(self.codes(fec), [(4, "date"), (5, "account"), (6, "amount"), (7, "width")])
        self.assertEqual((fec.lines, fec.debit, fec.credit), (6, 85050, 85050))

    def test_what_an_accountant_should_look_at_is_told_and_counted(self):
        odd = [
            line(1, "613200", "10"),
            line(1, "512000", "", "9"),
            line(3, "606000", "5", day="20260102"),
            line(3, "512000", "", "5", day="20260102", ValidDate=""),
            line("", "606000", "5", "5", label=""),
        ]
        fec = Fec(written(odd), date(2025, 1, 1), date(2025, 12, 31))
        self.assertEqual(
            self.codes(fec),
            [
                (4, "year"),
                (5, "year"),
                (5, "not_valid"),
                (6, "both_sides"),
                (6, "number"),
                (6, "label"),
                (2, "unbalanced"),
                (0, "gap"),
            ],
        )
        self.assertEqual(fec.debit - fec.credit, 100)
        self.assertEqual((fec.first_date, fec.last_date), (date(2025, 3, 15), date(2026, 1, 2)))

    def test_numbers_may_follow_through_the_file_or_within_a_journal(self):
        through = [
            line(number, account, *sides, JournalCode=journal)
            for number, journal in ((1, "AC"), (2, "BQ"), (3, "AC"))
            for account, sides in (("606000", ("5", "")), ("512000", ("", "5")))
        ]
        self.assertEqual(self.codes(Fec(written(through))), [])
        each = [
            values | {"EcritureNum": "1" if values["JournalCode"] == "BQ" else values["EcritureNum"]}
            for values in through
        ]
        each = [values for values in each if values["EcritureNum"] != "3"]
        self.assertEqual(self.codes(Fec(written(each))), [])

    def test_a_file_that_is_no_fec_says_why(self):
        for data, code in (
            (b"", "empty"),
            (b"\r\n \r\n", "empty"),
            (b"Nom;Ville\r\nAwa;Bondy\r\n", "no_table"),
            (b"JournalCode|EcritureNum|EcritureDate|CompteNum|Debit\r\n", "columns"),
        ):
            with self.assertRaises(TableError) as caught:
                Fec(data)
            self.assertEqual(caught.exception.code, code)
        self.assertEqual(caught.exception.details, {"columns": ["credit"]})

    def test_a_damaged_file_is_read_or_refused_and_nothing_is_dropped_in_silence(self):
        draw = random.Random(20260315)
        whole = written([*RENT, line(2, "606000", "12,50", CompteLib="Été"), line(2, "512000", "", "12,50")] * 3)
        bits = (
            b"\0",
            b"\t",
            b'"',
            b"\r",
            b"\n",
            b";",
            b"\xe9",
            b"\xff\xfe",
            b"-",
            b",",
            b"9" * 5000,
            b"\x1a",
            b"=",
            b"",
        )
        for turn in range(600):
            data = bytearray(whole)
            for _ in range(draw.randint(1, 12)):
                start = draw.randrange(len(data) + 1)
                data[start : start + draw.choice((0, 1, 1, 3, 40))] = draw.choice(bits)
            with self.subTest(turn=turn):
                try:
                    fec = Fec(bytes(data), date(2025, 1, 1), date(2025, 12, 31))
                    rows = list(fec)
                except TableError:
                    continue
                left_out = sum(fec.counts[code] for code in LEFT_OUT)
                self.assertEqual(fec.lines, len(rows) + left_out)
                self.assertEqual(fec.debit, sum(row.debit for row in rows))
                self.assertEqual(fec.credit, sum(row.credit for row in rows))
                self.assertEqual(list(fec), rows, "a second walk reads the same")

    def test_memory_does_not_grow_with_the_lines_but_for_their_entries(self):
        def peak(count):
            data = written([line(n // 2, "512000", label=f"Écriture {n}", Debit="1") for n in range(count)])
            tracemalloc.start()
            fec = Fec(data)
            for _line in fec:
                pass
            highest = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            return highest, len(data)

        small, large = peak(1000), peak(20000)
        self.assertLess(large[0], small[0] + 4 * large[1], "the file, its copy, and a word on each entry")
