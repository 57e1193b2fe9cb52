"""The accounts that an association's books need beside the French general chart. Pure Python.

Numbers and titles: ANC regulation 2018-06 on non-profits, as amended by ANC 2022-06 (741 for operating grants, 747 for
the share of investment grants). Sub-accounts of 131 and 741 by funder are free; these are the usual ones. Where the
general chart gives a number another meaning (754000, 755100), a sub-account that is free there is taken.
"""

from typing import NamedTuple


class Account(NamedTuple):
    code: str  # without the zeros that the chart's width adds
    name: str  # the official title, in French
    type: str  # a value of account.account's account_type
    reconcile: bool = False


EQUITY, LATER_DEBT, DEBT = "equity", "liability_non_current", "liability_current"
RECEIVABLE, ASSET = "asset_receivable", "asset_current"
INCOME, EXPENSE, OFF_BALANCE = "income", "expense", "off_balance"

ASSOCIATION_CHART = [
    Account("1034", "Autres fonds propres avec droit de reprise", EQUITY),
    Account("131", "Subventions d'investissement", EQUITY),
    Account("1311", "Subventions d'investissement – État", EQUITY),
    Account("1312", "Subventions d'investissement – Régions", EQUITY),
    Account("1313", "Subventions d'investissement – Départements", EQUITY),
    Account("1314", "Subventions d'investissement – Communes et intercommunalités", EQUITY),
    Account("1315", "Subventions d'investissement – Autres collectivités publiques, CAF", EQUITY),
    Account("1317", "Subventions d'investissement – Organismes privés", EQUITY),
    Account("139", "Subventions d'investissement inscrites au compte de résultat", EQUITY),
    Account("164", "Emprunts auprès des établissements de crédit", LATER_DEBT),
    Account("1675", "Emprunts participatifs", LATER_DEBT),
    Account("1681", "Autres emprunts", LATER_DEBT),
    Account("194", "Fonds dédiés sur subventions d'exploitation", LATER_DEBT),
    Account("195", "Fonds dédiés sur contributions financières d'autres organismes", LATER_DEBT),
    Account("196", "Fonds dédiés sur ressources liées à la générosité du public", LATER_DEBT),
    Account("4411", "Subventions d'investissement à recevoir", RECEIVABLE, True),
    Account("4417", "Subventions d'exploitation à recevoir", RECEIVABLE, True),
    Account("4419", "Avances sur subventions", DEBT, True),
    Account("4687", "Produits à recevoir", ASSET),
    Account("487", "Produits constatés d'avance", DEBT, True),
    Account("6894", "Reports en fonds dédiés sur subventions d'exploitation", EXPENSE),
    Account("6895", "Reports en fonds dédiés sur contributions financières d'autres organismes", EXPENSE),
    Account("6896", "Reports en fonds dédiés sur ressources liées à la générosité du public", EXPENSE),
    Account("741", "Subventions d'exploitation", INCOME),
    Account("7411", "Subventions d'exploitation – État", INCOME),
    Account("7412", "Subventions d'exploitation – Région", INCOME),
    Account("7413", "Subventions d'exploitation – Département", INCOME),
    Account("7414", "Subventions d'exploitation – Communes et intercommunalités", INCOME),
    Account("7415", "Subventions d'exploitation – CAF et organismes sociaux", INCOME),
    Account("7416", "Subventions d'exploitation – Fonds européens", INCOME),
    Account("7417", "Subventions d'exploitation – Agence de services et de paiement", INCOME),
    Account("7418", "Subventions d'exploitation – Autres établissements publics", INCOME),
    Account("747", "Quote-part des subventions d'investissement virée au résultat", INCOME),
    Account("7541", "Dons manuels", INCOME),
    Account("7542", "Mécénat", INCOME),
    Account("75511", "Contributions financières d'autres organismes", INCOME),
    Account("7561", "Cotisations sans contrepartie", INCOME),
    Account("7562", "Cotisations avec contrepartie", INCOME),
    Account("7894", "Utilisations de fonds dédiés sur subventions d'exploitation", INCOME),
    Account("7895", "Utilisations de fonds dédiés sur contributions financières d'autres organismes", INCOME),
    Account("7896", "Utilisations de fonds dédiés sur ressources liées à la générosité du public", INCOME),
    Account("860", "Secours en nature", OFF_BALANCE),
    Account("861", "Mises à disposition gratuite de biens", OFF_BALANCE),
    Account("862", "Prestations", OFF_BALANCE),
    Account("864", "Personnel bénévole", OFF_BALANCE),
    Account("870", "Dons en nature", OFF_BALANCE),
    Account("871", "Prestations en nature", OFF_BALANCE),
    Account("875", "Bénévolat", OFF_BALANCE),
]


def stem(code):
    """A code without the zeros that only give it the chart's width: "741000" and "74100000" are both "741"."""
    return code.rstrip("0")


def width(codes):
    """How many digits the codes of a chart have, as most of them do; 6 when there is none."""
    lengths = [len(code) for code in codes if code.isdigit()]
    return max(set(lengths), key=lambda length: (lengths.count(length), length), default=6)
