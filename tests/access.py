"""Who may do what, written as one table and tried for real, model by model and group by group."""

from odoo.exceptions import AccessError
from odoo.tools import mute_logger

GROUPS = {
    "user": "pope_crm.group_pope_user",
    "manager": "pope_crm.group_pope_manager",
    "sensitive": "pope_crm.group_pope_sensitive",
    "employee": "base.group_user",
    "sales": "sales_team.group_sale_salesman_all_leads",
    "portal": "base.group_portal",
    "public": "base.group_public",
}


class AccessMixin:
    """For a test case of ours: the users, the reader of the table, and who tries it."""

    @classmethod
    def create_users(cls):
        cls.users = {name: cls._new_user(f"access_{name}", groups) for name, groups in GROUPS.items()}

    def models_of(self, addon):
        """The models that an add-on of ours brought, whatever their name."""
        return {
            name
            for name, model in self.env.registry.items()
            if model._original_module == addon and not model._abstract and not name.startswith("ir.")
        }

    def assert_table(self, table, addon, samples):
        """
        :param table: a header with the groups, then a line a model: what each group may do with a record of ours, of
            r(ead), w(rite), c(reate), d(elete), or - for nothing
        :param samples: dict model → function that gives a record, a field to write and values to create another;
            an empty record stands for one that the user makes, as people do with windows
        """
        header, *lines = [line.split() for line in table.strip().splitlines()]
        expected = {model: dict(zip(header, rights, strict=True)) for model, *rights in lines}
        self.assertEqual(header, list(GROUPS))
        self.assertEqual(self.models_of(addon) - set(expected), set(), "a new model needs its line in the table")
        found = {}
        with mute_logger("odoo.models.unlink", "odoo.addons.base.models.ir_model"):
            for model in expected:
                sample = samples[model]()
                self.assertTrue(sample[0] or sample[0]._transient, f"{model}: nothing to try the rights on")
                found[model] = {
                    group: "".join(letter for letter in "rwcd" if self._may(user, letter, *sample)) or "-"
                    for group, user in self.users.items()
                }
        self.assertEqual(found, expected, "\n" + self._written(header, found))

    def _written(self, header, rights):
        lines = [f"{'':<30}" + "".join(f"{group:<10}" for group in header)]
        lines += [f"{model:<30}" + "".join(f"{rights[model][group]:<10}" for group in header) for model in rights]
        return "\n".join(lines)

    def _may(self, user, letter, record, field, values):
        """Whether the user does it with a real record; the transaction is left as it was."""
        operation = {"r": "read", "w": "write", "c": "create", "d": "unlink"}[letter]
        own = record.with_user(user).with_context(mail_activity_quick_update=True)
        savepoint = self.env.cr.savepoint(flush=True)
        try:
            if not record:
                record = own = own.create(values)
            if operation == "read":
                return bool(own.search([("id", "in", record.ids)]).read(["display_name"]))
            if field is None:  # nothing is ever written on it: the right is all there is
                return own.has_access(operation)
            if operation == "write":
                own.write({field: own._fields[field].convert_to_write(record[field], record)})
            elif operation == "create":
                own.create(values)
            else:
                own.unlink()
            self.env.flush_all()
            return True
        except AccessError:
            return False
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all()
