from odoo import SUPERUSER_ID, api

WORKING = ("answer_insertion_1_1", "answer_insertion_1_2", "answer_insertion_1_3")


def migrate(cr, version):
    """The choices of the survey of insertion that count as a job; placement is found in the records, unless the team
    attached its proof. Both are the team's records, no update changes them."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name in WORKING:
        if choice := env.ref(f"pope_training.{name}", raise_if_not_found=False):
            choice.pope_is_job = True
    rule = env.ref("pope_training.evidence_rule_8_placement_used", raise_if_not_found=False)
    if rule and not env["pope.quality.evidence"].with_context(active_test=False).search_count(
        [("rule_id", "=", rule.id)]
    ):
        rule.write({"check": "placement", "months": 0, "asks_use": False})
