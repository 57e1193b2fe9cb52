"""How often one link may be opened. Kept in the memory of each server process; pure Python."""

import threading
import time

MOST_LINKS = 10_000  # remembered at once


class PageLimit:
    """So many openings of a link within a time, counted from the first of them."""

    def __init__(self, most, seconds):
        self.most = most
        self.seconds = seconds
        self._openings = {}
        self._lock = threading.Lock()

    def is_over(self, link, now=None):
        """
        :param str link: whatever names the link
        :param now: seconds of a clock that never goes back; this process's by default
        """
        first, count = self._openings.get(link, (0, 0))
        return count >= self.most and self._is_fresh(first, now)

    def note(self, link, now=None):
        """One more opening."""
        now = time.monotonic() if now is None else now
        with self._lock:
            first, count = self._openings.get(link, (now, 0))
            self._openings[link] = (first, count + 1) if self._is_fresh(first, now) else (now, 1)
            if len(self._openings) > MOST_LINKS:
                self._forget(now)

    def _is_fresh(self, first, now):
        return (time.monotonic() if now is None else now) - first < self.seconds

    def _forget(self, now):
        """What is over goes; of the rest, the half that came first."""
        fresh = sorted((item for item in self._openings.items() if self._is_fresh(item[1][0], now)), key=_first)
        self._openings = dict(fresh[len(fresh) - MOST_LINKS // 2 :] if len(fresh) > MOST_LINKS else fresh)


def _first(item):
    return item[1][0]
