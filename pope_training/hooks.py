def uninstall_hook(env):
    """Event types that events use outlive the add-on: Odoo deletes only what still has an XML id of ours."""
    rows = env["ir.model.data"].search([("module", "=", "pope_training"), ("model", "=", "event.type")])
    used = env["event.event"].with_context(active_test=False).search([("event_type_id", "in", rows.mapped("res_id"))])
    rows.filtered(lambda row: row.res_id in used.event_type_id.ids).unlink()
