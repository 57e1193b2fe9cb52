"""The session of the agreements' tests, lived today by a browser."""

from datetime import timedelta

from ..pope_training.agreement import AgreementCase
from .common import JourneyCase


class AgreementJourney(AgreementCase, JourneyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.now = cls.env.cr.now().replace(microsecond=0)
        cls.pole.pope_exemption_date = "2025-01-01"

    def at(self, moment):
        """The browser lives today."""

    def move_session(self, days):
        """Two half-days a day from so many days from now."""
        for number, slot in enumerate(self.slots):
            slot.date = self.today() + timedelta(days=days + number // 2)
