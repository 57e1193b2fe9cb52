import base64
import io
import json
import re
import zipfile

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import format_date, html2plaintext
from odoo.tools.json import json_default

from ..xlsx import person_file

UNSAFE = re.compile(r"[^\w .-]")  # in the name of a file
PLAIN_TYPES = {
    "char",
    "text",
    "html",
    "integer",
    "float",
    "monetary",
    "boolean",
    "date",
    "datetime",
    "selection",
    "many2one",
    "many2many",
}


class ResPartner(models.Model):
    """All that is held on one person, to hand over when they ask for it."""

    _inherit = "res.partner"

    def action_pope_file(self):
        """Make the file and download it; that it was made is noted on the person."""
        self.ensure_one()
        if not self.env.user.has_group("pope_crm.group_pope_manager"):
            raise AccessError(self.env._("Only a manager may take out all that is held on a person."))
        file = self.env["pope.person.file"].create({"partner_id": self.id, **self._pope_file()})
        self._message_log(body=self.env._("All that is held on this person was taken out."))
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/pope.person.file/{file.id}/content/{file.name}?download=true",
            "target": "download",
        }

    def _pope_file(self):
        """Name and content of an archive: a workbook to read, the same as data, and the files themselves."""
        sections, omitted = self._pope_file_sections()
        today = fields.Date.context_today(self)
        notes = [
            self.env._("Taken out on %(day)s by %(user)s.", day=format_date(self.env, today), user=self.env.user.name)
        ]
        if omitted:
            notes.append(self.env._("Not in this file, for lack of rights: %(parts)s.", parts=", ".join(omitted)))
        title = self.env._("What is held on %(name)s", name=self.name)
        workbook = person_file.write(
            {
                "created": fields.Datetime.to_datetime(today),
                "sheet": self.env._("Contents"),
                "title": title,
                "notes": notes,
                "columns": [self.env._("Part"), self.env._("Records")],
                "cut": self.env._("[cut: the whole text is in the data file]"),
                "sections": [
                    {
                        "title": section["title"],
                        "columns": list(section["fields"].values()),
                        "rows": [[record[name] for name in section["fields"]] for record in section["records"]],
                    }
                    for section in sections
                ],
            }
        )
        base = UNSAFE.sub("", self.name or "") or str(self.id)
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"{base}.xlsx", workbook)
            content = {"title": title, "notes": notes, "sections": sections}
            archive.writestr(f"{base}.json", json.dumps(content, default=json_default, ensure_ascii=False, indent=2))
            for file in self._pope_file_attachments():
                name = UNSAFE.sub("", file.name)
                archive.writestr(f"files/{file.id} {name}", file.raw or b"")
        return {"name": f"{base}.zip", "content": base64.b64encode(stream.getvalue())}

    def _pope_file_parts(self):
        """Where something of a person may stand, for the add-ons that hold more to extend.

        :return: dict model → (domain of their records, names of the fields to show or None for all that are plain)
        """
        parts = {"res.partner": (Domain("id", "=", self.id), None)}
        for name in sorted(self.env.registry):
            Model = self.env[name]
            ours = name.startswith("pope.") and Model._auto and not (Model._abstract or Model._transient)
            if ours and (domain := self._pope_pointing_domain(Model)):
                parts[name] = (domain, None)
        parts["pope.lead.requirement"] = (Domain("member_id.partner_id", "=", self.id), None)
        carried = Domain("partner_id", "=", self.id) | Domain("pope_member_ids.partner_id", "=", self.id)
        parts["crm.lead"] = (
            carried,
            [
                *("name", "stage_id", "lost_reason_id", "pope_town_id", "pope_source", "description", "create_date"),
                *self.env["crm.lead"]._pope_contact_fields(),
            ],
        )
        parts["mail.message"] = (
            self._pope_message_domain(),
            ["date", "author_id", "email_from", "outgoing_email_to", "subject", "body"],
        )
        parts["calendar.event"] = (
            Domain("partner_ids", "in", self.ids),
            ["name", "start", "stop", "location", "description"],
        )
        parts["account.move"] = (
            Domain("partner_id", "=", self.id),
            ["name", "move_type", "date", "invoice_date", "amount_total", "state"],
        )
        return parts

    def _pope_pointing_domain(self, Model):
        """The records of a model that name this person in one of their fields."""
        pointers = [
            field.name
            for field in Model._fields.values()
            if field.comodel_name == "res.partner" and field.store and field.type in ("many2one", "many2many")
        ]
        return Domain.OR(Domain(name, "in", self.ids) for name in pointers) if pointers else None

    def _pope_message_domain(self):
        """What they wrote, what was written to them, and their own discussion."""
        own = Domain("model", "=", "res.partner") & Domain("res_id", "=", self.id)
        return own | Domain("author_id", "=", self.id) | Domain("partner_ids", "in", self.ids)

    def _pope_file_sections(self):
        """The parts that hold something, and the names of those that the reader has no right to."""
        sections, omitted = [], []
        for model, (domain, names) in self._pope_file_parts().items():
            Model = self.env[model].with_context(active_test=False)
            title = self.env["ir.model"]._get(model).name
            if not Model.has_access("read"):
                omitted.append(title)
                continue
            if model == "mail.message":
                # sudo: who may take out all that is held on a person takes out what was said with them
                Model = Model.sudo()
            if records := Model.search(domain):
                sections.append({"model": model, "title": title, **self._pope_file_values(records, names)})
        return sections, omitted

    def _pope_file_attachments(self):
        # sudo: the files go with the records, which the reader may read
        Attachment = self.env["ir.attachment"].sudo()
        rows = self.env["pope.lead.requirement"].sudo().search([("member_id.partner_id", "=", self.id)])
        messages = self.env["mail.message"].sudo().search(self._pope_message_domain())
        own = Attachment.search([("res_model", "=", "res.partner"), ("res_id", "=", self.id)])
        papers = self.env["pope.funding.paper"].sudo().search([("funding_id.person_id", "=", self.id)])
        return own | rows.attachment_ids | messages.attachment_ids | papers.attachment_ids

    @api.model
    def _pope_file_values(self, records, names=None):
        """Labels and values of the plain fields that the reader may see and that hold something in a record."""
        shown = [
            name
            for name, field in records._fields.items()
            if (name in names if names else name == "create_date" or (field.store and name not in models.MAGIC_COLUMNS))
            and field.type in PLAIN_TYPES
            and "token" not in name
            and records._has_field_access(field, "read")
        ]
        # sudo: the names of what a record of theirs points at, such as a stage or a structure, tell what it is
        rows = [{name: self._pope_file_value(record.sudo(), name) for name in shown} for record in records]
        used = [name for name in shown if any(row[name] not in (False, "", None) for row in rows)]
        labels = records.fields_get(used, ["string"])
        return {
            "fields": {name: labels[name]["string"] for name in used},
            "records": [{name: row[name] for name in used} for row in rows],
        }

    @api.model
    def _pope_file_value(self, record, name):
        field, value = record._fields[name], record[name]
        if isinstance(value, models.BaseModel):
            return ", ".join(value.mapped("display_name"))
        if field.type == "selection" and value:
            return dict(field._description_selection(self.env)).get(value, value)
        if field.type == "boolean":
            return self.env._("Yes") if value else False
        if field.type == "html":
            return html2plaintext(value or "")
        if field.type == "datetime" and value:
            return fields.Datetime.context_timestamp(self, value).replace(tzinfo=None)
        return value
