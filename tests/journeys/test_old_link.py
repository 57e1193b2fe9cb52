"""What was signed on a phone whose link is over: kept there, and sent by the next link of the same person only."""

from odoo.tests import tagged

from .test_attendance import PhoneCase


@tagged("post_install", "-at_install")
class TestOldLinkJourney(PhoneCase):
    def test_what_an_old_link_could_not_send_the_next_one_of_the_same_person_sends(self):
        phone, other = self.phone, self.session.pope_attendance_ids - self.row
        foreign, following = (f"/pope/emargement/{row.enrolment_id._sign_token()}" for row in (other[0], self.row))
        self.env.flush_all()
        self.cr.clear()
        phone.open(self.address)
        phone.network(False)
        phone.draw()
        phone.tap("button[type=submit]")
        phone.wait_for("Enregistré sur votre téléphone")
        # its link is over since
        phone.run(
            """(() => {
                const name = Object.keys(localStorage).find((key) => key.startsWith("pope.sign."));
                const entry = JSON.parse(localStorage.getItem(name));
                entry.url = location.origin + "/pope/emargement/over";
                localStorage.setItem(name, JSON.stringify(entry));
            })()"""
        )
        phone.network(True)
        phone.wait_for("encore sur votre téléphone")
        phone.open(foreign)
        phone.run("dispatchEvent(new Event('online'))")
        phone.wait("Boolean(document.querySelector('.frame:not([hidden])'))")
        self.assertEqual((phone.kept(), len(self.signatures())), (1, 0), "somebody else's page sends nothing of theirs")
        phone.open(following)
        phone.run("dispatchEvent(new Event('online'))")
        phone.wait_for("c'est signé")
        self.assertEqual((phone.kept(), len(self.signatures())), (0, 1))
        self.assertFalse(other.signature_ids)
