"""Organisations that a workbook names and the register does not know: registered with the import, taken back with it."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import Actor
from lianqiao.core.audit import record
from lianqiao.core.refusals import Refused
from lianqiao.lists.imports.actions.steps import start_check, waiting
from lianqiao.lists.imports.names import How
from lianqiao.lists.imports.rules import IMPORT
from lianqiao.lists.models import Import
from lianqiao.registry.actions.organisations import AlreadyUsed, add_organisation, withdraw_organisation


class CannotBeRegistered(Refused):
    code = "cannot_be_registered"
    sentence = _("“%(name)s”不能登记：%(reason)s")


def register_names(imported: Import, *, by: Actor, chosen: Mapping[int, str]) -> int:
    """Register these names, each as its kind, all or none, and check anew. What is settled meanwhile is left alone.

    Raises NotPermitted, NotWaiting, CannotBeRegistered.
    """
    with transaction.atomic():
        row = waiting(imported, by=by)
        names = list(row.names.filter(pk__in=chosen, how__in=[How.LIKELY, How.UNKNOWN], above=""))
        for name in names:
            try:
                name.organisation = add_organisation(by=by, name=name.name, kind=chosen[name.pk])
            except ValidationError as error:
                raise CannotBeRegistered(name=name.name, reason=" ".join(error.messages)) from error
            name.how = How.ADDED
            name.save(update_fields=["organisation", "how"])
        record(by, IMPORT, row, after={"registered": [name.organisation_id for name in names]})
        start_check(row, by=by)
    return len(names)


def withdraw_registered(imported: Import, *, by: Actor) -> int:
    """What was registered for this import and nobody uses: how many. Raises NotPermitted."""
    gone = 0
    for name in imported.names.filter(how=How.ADDED).select_related("organisation"):
        organisation = name.organisation
        if organisation is None:
            continue
        name.organisation = None
        name.save(update_fields=["organisation"])
        try:
            withdraw_organisation(organisation, by=by)
            gone += 1
        except AlreadyUsed:
            continue
    return gone
