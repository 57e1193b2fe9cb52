"""Tables of persons that may leave the house: small counts are hidden, and cannot be found again from the others."""

import heapq
import itertools
from collections import defaultdict

THRESHOLD = 5
TOTAL_COST = 1_000_000  # a total is hidden when nothing else will do


def hide_small(table, threshold=THRESHOLD):
    """Hide small counts, and as many others as it takes so that none can be recomputed.

    A reader knows that counts are whole and never negative, and that rows and columns add up to their totals. Hidden
    counts all look alike, whether they are small or stand beside a small one.

    :param list table: rows of whole numbers
    :return: the table with its totals, a column and a row more, and None where a count is hidden
    """
    rows = [[*row, sum(row)] for row in table]
    rows.append([sum(column) for column in zip(*rows, strict=True)] if rows else [0])
    values = {(i, j): value for i, row in enumerate(rows) for j, value in enumerate(row)}
    hidden = {place for place, value in values.items() if value < threshold}
    waiting = sorted(hidden)
    while waiting:
        more = _loop(waiting[-1], values, hidden) - hidden
        if more:
            hidden |= more
            waiting.extend(sorted(more))
        else:
            waiting.pop()
    return [[None if (i, j) in hidden else value for j, value in enumerate(row)] for i, row in enumerate(rows)]


def _loop(place, values, hidden):
    """The counts that must be hidden for this one to have two values that agree with all that is shown.

    The table is a flow: from the grand total to each row, from there to each column, and back. A count may be another
    when some loop of hidden counts through it can carry one more, or one less. The cheapest loop hides the fewest
    persons, and totals last.
    """
    last = max(values)
    arcs = defaultdict(list)
    for other, value in values.items():
        if other != place:
            cost = 0 if other in hidden else value + (TOTAL_COST if other[0] == last[0] or other[1] == last[1] else 0)
            start, end = _arc(other, last)
            arcs[start].append((end, cost, other))
            if value:
                arcs[end].append((start, cost, other))
    start, end = _arc(place, last)
    loops = [_cheapest(arcs, end, start)]
    if values[place]:
        loops.append(_cheapest(arcs, start, end))
    return min((loop for loop in loops if loop), default=(0, set()), key=lambda loop: loop[0])[1]


def _arc(place, last):
    row = "rows" if place[0] == last[0] else ("row", place[0])
    column = "columns" if place[1] == last[1] else ("column", place[1])
    if place == last:
        return "columns", "rows"
    if column == "columns":
        return "rows", row
    if row == "rows":
        return column, "columns"
    return row, column


def _cheapest(arcs, start, end):
    """The cost of the cheapest way and the counts on it; None where there is no way."""
    serial = itertools.count()
    waiting, done = [(0, next(serial), start, ())], set()
    while waiting:
        cost, _serial, node, way = heapq.heappop(waiting)
        if node == end:
            return cost, set(way)
        if node in done:
            continue
        done.add(node)
        for following, price, place in arcs[node]:
            if following not in done:
                heapq.heappush(waiting, (cost + price, next(serial), following, (*way, place)))
    return None
