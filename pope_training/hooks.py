def uninstall_hook(env):
    """Event types that events use outlive the add-on: Odoo deletes only what still has an XML id of ours.

    What was sent stays in the list of e-mails of pope_crm, and so do its rules, retired; what waits does not leave.
    """
    env = env(context={**env.context, "active_test": False})
    shipped = env["event.type"].search([("pope_kind", "!=", False)])
    _keep(env, env["event.event"].search([("event_type_id", "in", shipped.ids)]).event_type_id)
    _keep_paths(env)
    rules = env["pope.notification.rule"].search([("source", "in", ("enrolment", "path"))])
    rows = env["pope.notification"].search([("rule_id", "in", rules.ids)])
    rows.filtered(lambda row: row.state in ("planned", "to_approve", "queued"))._cancel()
    sent = rows.rule_id
    _keep(env, sent)
    _keep(env, sent.template_id)
    sent.write(
        {
            "active": False,
            "source": "project",
            "trigger": "restored",
            "recipients": "holders",
            "date_field_id": False,
            "stage_id": False,
        }
    )
    (rules - sent).unlink()


def _keep_paths(env):
    """Career paths become archived opportunities of their team, which is kept with the stages and reasons they used."""
    teams = env["crm.team"].search([("pope_lead_type", "=", "path")])
    paths = env["crm.lead"].search([("type", "=", "path")])
    stages = env["crm.stage"].search([("team_ids", "in", teams.ids)])
    rows = env["pope.notification"].search([("lead_id", "in", paths.ids)])
    rows.filtered(lambda row: row.state in ("planned", "to_approve", "queued"))._cancel()
    reasons = paths.lost_reason_id
    used = paths.stage_id
    env["pope.lead.requirement"].search([("lead_id", "in", paths.ids)]).unlink()
    env["pope.notification.rule"].search([("stage_id", "in", stages.ids)]).write({"stage_id": False, "trigger": "lost"})
    paths._pope_become_stock()
    for kept in (paths, used, reasons):
        _keep(env, kept)
    if paths:
        _keep(env, teams)
        _keep(env, teams.alias_id)
    teams.pope_lead_type = False
    (stages - used).unlink()
    if not paths:
        teams.unlink()


def _keep(env, records):
    """Their XML id goes, and they stay."""
    rows = [("module", "=", "pope_training"), ("model", "=", records._name), ("res_id", "in", records.ids)]
    env["ir.model.data"].search(rows).unlink()
