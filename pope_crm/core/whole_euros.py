"""Amounts told in whole euros whose printed lines add up to the printed total. Pure Python."""


def total(amounts):
    """The sum in whole euros: half a euro is rounded up."""
    return (_cents(amounts) + 50) // 100


def rounded(amounts):
    """Each amount in whole euros, so that they add up to `total`: those with the largest part of a euro are raised.

    :param amounts: list of numbers, to the cent
    :return: list of whole numbers, none further than a euro from its amount
    """
    cents = [_cents([amount]) for amount in amounts]
    whole = [cent // 100 for cent in cents]
    raised = total(amounts) - sum(whole)
    for place in sorted(range(len(cents)), key=lambda place: (-(cents[place] % 100), place))[:raised]:
        whole[place] += 1
    return whole


def _cents(amounts):
    return sum(round(amount * 100) for amount in amounts)
