from odoo import SUPERUSER_ID, api

ROWS = {
    "grant": ("p74",),
    "service": ("p70", "p73"),
    "fee": ("p75_cotis",),
    "other_in": ("p75", "p76", "p77", "r_own"),
    "wage": ("c64",),
    "social": ("c64_soc", "c63_rem"),
    "rent": ("c61_loc", "n_deposit"),
    "purchase": ("c60", "c61", "c62", "n_works", "n_equip", "n_setup"),
    "tax": ("c63", "c69"),
    "other_out": ("c65", "c67", "n_other"),
}


def migrate(cr, version):
    """Lines of budgets tell their row of the cash plan: shipped lines are the team's, no update fills them."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    Line = env["pope.summary.line"].with_context(active_test=False)
    for kind, codes in ROWS.items():
        Line.search([("code", "in", codes), ("cash_kind", "=", False)]).cash_kind = kind
