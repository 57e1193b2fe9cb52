"""A contract that somebody has to sign, for the journeys of the page that signs."""

TEXTS = ("public", "prerequisites", "methods", "means", "trainer_profile", "assessment", "outcome")


class AgreementMixin:
    def contract_to_sign(self, session, enrolment):
        """An individual contract, sent to who pays for themselves."""
        self.company.write(
            {
                "pope_signatory_id": self.env["res.partner"].create({"name": "Inès Garnier"}).id,
                "pope_signatory_title": "directrice",
                "pope_mediator_name": "Médiation de la consommation",
                "pope_mediator_address": "1 place des Litiges, 75000 Paris",
                "pope_mediator_website": "https://mediation.example.org",
            }
        )
        session.pope_program_id = session.pope_program_id or self.env["pope.training.program"].create({"name": "MAM"})
        session.pope_program_id.write(
            {
                **{text: f"Texte : {text}" for text in TEXTS},
                "objectives": "<p>Décider à plusieurs</p>",
                "description": "<p>Deux journées</p>",
                "price": 1000,
            }
        )
        scheme = self.env.ref("pope_training.scheme_particulier")
        self.env["pope.training.financing"].create({"enrolment_id": enrolment.id, "scheme_id": scheme.id})
        session.action_pope_propose_agreements()
        contract = session.pope_agreement_ids
        contract.action_send()
        return contract
