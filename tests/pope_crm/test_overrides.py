"""An Odoo that renames or changes a method of its own that we extend makes a test fail, not a user's day.

Nothing is listed by hand: each method of ours is held against the classes of Odoo that it stands before. In a class
that extends a model of Odoo's, a private method either bears our name or is one of Odoo's; whatever calls `super` finds
it; and an override takes what Odoo passes.
"""

import ast
import inspect
import textwrap
import unittest

from odoo.tests import TransactionCase, tagged


def ours(cls):
    return cls.__module__.startswith("odoo.addons.pope_")


def methods(cls):
    return {name: function for name, function in vars(cls).items() if inspect.isfunction(function)}


def calls_super(function):
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    return any(
        isinstance(node, ast.Attribute)
        and node.attr == function.__name__
        and isinstance(node.value, ast.Call)
        and getattr(node.value.func, "id", None) == "super"
        for node in ast.walk(tree)
    )


def parameters(function):
    """Names and kinds of what a method takes, defaults told as there or not: Odoo may change a value."""
    return [
        (parameter.name, parameter.kind, parameter.default is not parameter.empty)
        for parameter in inspect.signature(function).parameters.values()
    ]


def takes(function, expected):
    found, wanted = parameters(function), parameters(expected)
    open_ended = {kind for _name, kind, _default in found} & {inspect.Parameter.VAR_KEYWORD}
    named = [parameter for parameter in found if parameter[1] not in (2, 4)]
    return found == wanted or (open_ended and named == wanted[: len(named)])


def overrides(mro, stock):
    """What our classes of a model override, and what is wrong with it.

    :param mro: classes of the model, the last in the family first
    :param stock: the model is Odoo's, and ours only extend it
    :return: (names of the methods of Odoo that ours stand before, sentences)
    """
    found, faults = set(), []
    for place, cls in enumerate(mro):
        if not ours(cls):
            continue
        after = mro[place + 1 :]
        for name, function in methods(cls).items():
            theirs = next((base for base in after if not ours(base) and name in vars(base)), None)
            label = f"{cls.__module__}.{cls.__qualname__}.{name}"
            if theirs:
                found.add(name)
                expected = vars(theirs)[name]
                if inspect.isfunction(expected) and not takes(function, expected):
                    faults.append(f"{label}{inspect.signature(function)} is now {inspect.signature(expected)}")
            elif stock and name.startswith("_") and "pope" not in name:
                faults.append(f"{label}: Odoo has no such method, and it does not bear our name")
            if calls_super(function) and not any(name in vars(base) for base in after):
                faults.append(f"{label} calls super, which has no such method")
    return found, faults


class TestReader(unittest.TestCase):
    def test_the_reader_sees_what_it_looks_for(self):
        class Core:
            def _kept(self, one, two=None):
                """As ours takes it."""

            def _changed(self, one, three=None):
                """Ours takes two."""

            def _open(self, one, *, two=None):
                """Ours takes whatever comes."""

        class Ours(Core):
            def _kept(self, one, two=None):
                return super()._kept(one, two)

            def _changed(self, one, two=None):
                return super()._changed(one, two)

            def _open(self, one, **options):
                return super()._open(one, **options)

            def _renamed(self):
                return super()._renamed()

            def _replaced(self):
                """Was Odoo's and calls no super."""

            def _pope_new(self):
                """Ours alone."""

        Ours.__module__ = "odoo.addons.pope_crm.models.x"
        found, faults = overrides([Ours, Core, object], stock=True)
        self.assertEqual(found, {"_kept", "_changed", "_open"})
        self.assertEqual(
            [fault.split(".")[-1].split("(")[0].split(":")[0].split(" ")[0] for fault in faults],
            [
                "_changed",
                "_renamed",
                "_renamed",
                "_replaced",
            ],
        )
        self.assertEqual(len(overrides([Ours, Core, object], stock=False)[1]), 2)


@tagged("post_install", "-at_install")
class TestOverrides(TransactionCase):
    def test_what_we_override_is_still_there(self):
        found, faults = {}, []
        for name, model in self.env.registry.items():
            names, wrong = overrides(model.__mro__, stock=not name.startswith("pope."))
            faults += wrong
            found[name] = {method for method in names if method.startswith("_")}
        self.assertFalse(faults, "\n".join(faults))
        self.assertGreater(len(found["crm.lead"]), 20, "the walk sees our classes")
        self.assertIn("_run_on_registrations", found["event.lead.rule"], "of both add-ons")
