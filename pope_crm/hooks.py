from odoo.tools import SQL


def pre_init_hook(env):
    """Stored computes on contacts start empty: Odoo would compute them for everybody who was there before."""
    env.cr.execute(
        "ALTER TABLE res_partner ADD COLUMN IF NOT EXISTS pope_town_id INTEGER, "
        "ADD COLUMN IF NOT EXISTS pope_district_answer_id INTEGER"
    )


def uninstall_hook(env):
    """Leave the sales pipeline as it was, and keep what people made.

    Projects become archived opportunities of their team; stages, teams, reasons and texts that were used or edited lose
    our XML id, so that Odoo does not delete them; nothing that was queued leaves.
    """
    env = env(context={**env.context, "active_test": False, "pope_no_mail": "by_hand"})
    rows = env["pope.notification"].search([("state", "in", ("planned", "to_approve", "queued"))])
    rows._cancel()
    files = [("res_model", "=", "pope.import"), ("res_field", "in", (False, "file"))]
    env["ir.attachment"].search(files).unlink()  # lists of names: nobody would know what they are
    # reminders of records that go: their type goes too
    reminders = env.ref("pope_crm.activity_type_deadline", raise_if_not_found=False)
    env["mail.activity"].search([("activity_type_id", "in", reminders.ids if reminders else [])]).unlink()
    leads = env["crm.lead"].search([("type", "in", env["crm.lead"]._pope_lead_types())])
    stages = env["crm.stage"].search([("pope_is_own", "=", True)])
    _keep(env, "crm.lost.reason", leads.lost_reason_id)
    leads.lost_reason_id.filtered("pope_outcome").active = False  # kept for what it says, not proposed to sales
    _keep_edited_texts(env)
    leads._pope_become_stock()
    used = leads.stage_id | env["crm.lead"].search([("stage_id", "in", stages.ids)]).stage_id
    _keep(env, "crm.stage", used)
    teams = leads.team_id | used.team_ids
    _keep(env, "crm.team", teams)
    _keep(env, "mail.alias", teams.alias_id)
    plan = env.ref("pope_crm.analytic_plan_funding", raise_if_not_found=False)
    if plan and plan.account_ids:  # what was spent for each file stays in the analytic books
        _keep(env, "account.analytic.plan", plan)
    _keep(env, "mail.activity.type", env["mail.activity"].search([("res_model", "=", "crm.lead")]).activity_type_id)
    # what arrives at their addresses was ours to sort: without us, it is an opportunity of the team
    for team in env["crm.team"].search([("pope_lead_type", "!=", False)]):
        team.alias_id.write(
            {
                "alias_model_id": env["ir.model"]._get_id("crm.lead"),
                "alias_defaults": {"type": "opportunity", "team_id": team.id},
            }
        )
    # by SQL: a rule needs its stage, and the table of rules is about to go
    env.cr.execute("UPDATE pope_notification_rule SET stage_id = NULL")
    env["pope.lead.requirement"].search([]).unlink()
    (stages - used).unlink()


def _keep(env, model, records):
    env["ir.model.data"].search(
        [("module", "=", "pope_crm"), ("model", "=", model), ("res_id", "in", records.ids)]
    ).unlink()


def _keep_edited_texts(env):
    """A text that somebody rewrote is kept, archived: the records that it was rendered on are gone."""
    data = env["ir.model.data"].search([("module", "=", "pope_crm"), ("model", "=", "mail.template")])
    shipped = env["mail.template"].browse(data.mapped("res_id"))
    made = (
        env["mail.template"].search([("model", "in", ("pope.notification", "pope.membership", "pope.funding"))])
        - shipped
    )
    edited = shipped.filtered(lambda text: text.write_uid and text.write_uid != env.ref("base.user_root"))
    _keep(env, "mail.template", edited)
    env.flush_all()
    # by SQL: Odoo refuses to save a text that its new model could not render, and this one is only kept to be read
    env.cr.execute(
        SQL(
            "UPDATE mail_template SET model = 'crm.lead', model_id = %s, active = FALSE WHERE id IN %s",
            env["ir.model"]._get_id("crm.lead"),
            tuple((edited | made).ids or [0]),
        )
    )
    env.invalidate_all()
