from odoo.fields import Domain

SOURCES = ("enrolment", "session", "funder", "agreement", "path")


def uninstall_hook(env):
    """Event types that events use outlive the add-on: Odoo deletes only what still has an XML id of ours.

    So do surveys that were answered, or asked: Odoo would delete the answers with them.
    What was sent stays in the list of e-mails of pope_crm, and so do its rules, retired; what waits does not leave.
    """
    env = env(context={**env.context, "active_test": False})
    shipped = env["event.type"].search([("pope_kind", "!=", False)])
    _keep(env, env["event.event"].search([("event_type_id", "in", shipped.ids)]).event_type_id)
    roles = env.ref("pope_training.role_disability_partner", raise_if_not_found=False) or env["pope.partner.role"]
    _keep(env, env["res.partner"].search([("pope_role_ids", "in", roles.ids)]).pope_role_ids & roles)
    answers = env["survey.user_input"].search([("survey_id.pope_kind", "!=", False)])
    _keep_surveys(env, answers.survey_id)
    _keep_paths(env)
    _keep_files(env)
    rules = env["pope.notification.rule"].search([("source", "in", SOURCES)])
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
            "step": False,
            "stage_id": False,
        }
    )
    (rules - sent).unlink()


def _keep_files(env):
    """Files of ours outlive their records where they prove something: with their session, their trainer or the pole.

    The others would be there without anybody knowing what they are.
    """
    own = env["ir.model.data"].search([("module", "=", "pope_training"), ("model", "=", "ir.model")])
    models = [name for name in env["ir.model"].browse(own.mapped("res_id")).mapped("model") if name.startswith("pope.")]
    kept = env["ir.attachment"]
    for files, owner in _proofs(env):
        files.write({"res_model": owner._name, "res_id": owner.id, "res_field": False})
        kept |= files
    anywhere = Domain("res_field", "=", False) | Domain("res_field", "!=", False)
    (env["ir.attachment"].search(Domain("res_model", "in", models) & anywhere) - kept).unlink()


def _proofs(env):
    """Documents issued, papers signed or shown, each with who keeps them."""
    for document in env["pope.training.document"].search([("attachment_id", "!=", False)]):
        yield document.attachment_id, document.event_id or document.company_id.partner_id
    for agreement in env["pope.training.agreement"].search([("scan_ids", "!=", False)]):
        yield agreement.scan_ids, agreement.event_id
    for slot in env["pope.training.slot"].search([("scan_ids", "!=", False)]):
        yield slot.scan_ids, slot.event_id
    for paper in env["pope.trainer.paper"].search([("attachment_ids", "!=", False)]):
        yield paper.attachment_ids.filtered(lambda file: file.res_model == "pope.trainer.paper"), paper.partner_id


def _keep_surveys(env, surveys):
    """Surveys with answers become Odoo's own, with their questions."""
    questions = surveys.question_and_page_ids
    _keep(env, surveys)
    _keep(env, questions)
    _keep(env, questions.suggested_answer_ids | questions.matrix_row_ids)


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
