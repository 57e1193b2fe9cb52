"""The arithmetic of the training and financial return, by figures that anybody can compute by hand."""

from datetime import date
from unittest import TestCase

from odoo.addons.pope_training.core import bpf


def group(count=1, minutes=60, **values):
    known = {"status": "a", "objective": "d", "level": None, "nsf": ("332", "Travail social")}
    return {"count": count, "minutes": minutes, "for_other": False, "entrusted": False, **known, **values}


class TestPeople(TestCase):
    def test_each_trainee_is_in_one_line_of_each_frame(self):
        figures, _names = bpf.people(
            [group(3, 600), group(2, 240, status="c", objective="a", level="3", entrusted=True)]
        )
        self.assertEqual((figures["F1a"]["count"], figures["F1c"]["minutes"]), (3, 240))
        self.assertEqual((figures["F3d"]["count"], figures["F3a"]["count"], figures["F3a3"]["count"]), (3, 2, 2))
        self.assertEqual((figures["F2"]["count"], figures["F2"]["minutes"]), (2, 240))

    def test_trainees_of_another_body_are_in_frame_g_alone(self):
        figures, names = bpf.people([group(4, 480, for_other=True)])
        self.assertEqual((figures["G5"]["count"], figures["G5"]["minutes"]), (4, 480))
        self.assertEqual((figures["F1a"]["count"], figures["F3d"]["count"], names), (0, 0, {}))

    def test_what_is_not_known_is_in_no_line(self):
        figures, _names = bpf.people([group(status=None, nsf=None)])
        self.assertEqual(sum(figures[f"F1{status}"]["count"] for status in bpf.STATUSES), 0)
        self.assertEqual(figures["F3d"]["count"], 1)

    def test_five_specialities_by_hours_then_the_others(self):
        groups = [group(1, 60 * (n + 1), nsf=(f"10{n}", f"S{n}")) for n in range(7)]
        figures, names = bpf.people(groups)
        self.assertEqual([names[f"F4{n}"][0] for n in range(1, 6)], ["106", "105", "104", "103", "102"])
        self.assertEqual((figures["F4x"]["count"], figures["F4x"]["minutes"]), (2, 180))


class TestMoney(TestCase):
    def test_who_paid_decides_then_the_account_then_nobody(self):
        places, nowhere = bpf.revenue(
            [("706000", "C1", 100.0), ("706000", None, 40.0), ("708000", None, 7.0), ("758000", None, 9.0)],
            [("C11", "708")],
            "70, 74",
        )
        self.assertEqual(places, {"C1": 100.0, "C11": 7.0})
        self.assertEqual(nowhere, {"706000": 40.0})

    def test_a_refund_takes_away(self):
        places, nowhere = bpf.revenue([("706000", "C1", 100.0), ("706000", "C1", -100.0)], [], "70")
        self.assertEqual((places, nowhere), ({"C1": 0.0}, {}))

    def test_an_award_over_two_years_is_cut_by_months_and_adds_up(self):
        action = (date(2025, 10, 1), date(2026, 9, 30))
        first = bpf.award_part(10000.0, action, (date(2025, 1, 1), date(2025, 12, 31)))
        second = bpf.award_part(10000.0, action, (date(2026, 1, 1), date(2026, 12, 31)))
        self.assertEqual((first, second), (2500.0, 7500.0))
        self.assertEqual(bpf.award_part(10000.0, action, (date(2027, 1, 1), date(2027, 12, 31))), 0.0)

    def test_an_action_of_one_day_is_of_the_year_of_that_day(self):
        day = date(2025, 3, 31)
        self.assertEqual(bpf.award_part(900.0, (day, day), (date(2025, 1, 1), date(2025, 12, 31))), 900.0)
        self.assertEqual(bpf.award_part(900.0, (day, day), (date(2026, 1, 1), date(2026, 12, 31))), 0.0)

    def test_an_award_is_cut_as_its_agreement_says(self):
        action = (date(2025, 10, 1), date(2026, 9, 30))
        period = (date(2026, 1, 1), date(2026, 12, 31))
        self.assertEqual(bpf.award_part(10000.0, action, period, {2025: 4000.0, 2026: 6000.0}, 2026), 6000.0)

    def test_an_award_without_an_end_is_of_the_year_when_it_begins(self):
        action = (date(2025, 10, 1), None)
        self.assertEqual(bpf.award_part(900.0, action, (date(2025, 1, 1), date(2025, 12, 31))), 900.0)
        self.assertEqual(bpf.award_part(900.0, action, (date(2026, 1, 1), date(2026, 12, 31))), 0.0)

    def test_each_account_is_under_one_key(self):
        lines, told = bpf.charges(
            {"641100": 30000.0, "622600": 2000.0, "613200": 12000.0, "706000": -5000.0},
            [("pay", "6411", "D2", 40), ("fees", "604, 6226", "D3", 100), ("shared", "6", "D1", 25)],
        )
        self.assertEqual(lines, {"D1": 17000.0, "D2": 12000.0, "D3": 2000.0})
        self.assertEqual(told["shared"], (12000.0, 3000.0))

    def test_the_share_is_a_whole_number_and_one_at_least(self):
        self.assertEqual(
            [bpf.share(*pair) for pair in ((3, 1000), (500, 1000), (0, 1000), (5, 0), (-40, 100))], [1, 50, 0, 0, 0]
        )


class TestTold(TestCase):
    parents = {"F1": ["F1a", "F1c"], "F3": ["F3d"], "F4": ["F41"]}

    def test_whole_hours_add_up_to_the_same_total_in_each_frame(self):
        figures = {
            "F1a": bpf.figure(count=1, minutes=90),
            "F1c": bpf.figure(count=1, minutes=105),
            "F3d": bpf.figure(count=2, minutes=195),
            "F41": bpf.figure(count=2, minutes=195),
        }
        told = bpf.told(figures, self.parents, {}, 0.0)
        whole = bpf.hours(told, self.parents)
        self.assertEqual((whole["F1a"], whole["F1c"], whole["F1"]), (1, 2, 3))
        self.assertEqual((whole["F3"], whole["F3d"], whole["F41"]), (3, 3, 3))

    def test_what_is_written_instead_reaches_the_total(self):
        figures = {"F1a": bpf.figure(count=1, minutes=90), "F1c": bpf.figure(count=1, minutes=60)}
        told = bpf.told(figures, self.parents, {"F1a": bpf.figure(count=3)}, 0.0)
        self.assertEqual((told["F1"]["count"], told["F1"]["minutes"]), (4, 150))

    def test_frames_that_do_not_agree_are_told(self):
        lines = {code: bpf.figure(count=0, minutes=0) for code in ("F1", "F2", "F3", "F3a", "F4", "G5", "E1", "E2")}
        lines |= {f"F3a{level}": bpf.figure(count=0, minutes=0) for level in bpf.LEVELS}
        lines |= {code: bpf.figure(amount=0.0) for code in ("C10", "D1", "D2", "D3")}
        self.assertTrue(all(holds for _code, holds, _figures in bpf.controls(lines)))
        lines["C10"] = bpf.figure(amount=500.0)
        lines["F1"] = bpf.figure(count=1, minutes=60)
        failing = {code for code, holds, _figures in bpf.controls(lines) if not holds}
        self.assertEqual(failing, {"people", "hours", "other_bodies", "trainers"})
