"""What a cell that was not understood probably means."""

from functools import cached_property

from django.utils.translation import gettext as _

from lianqiao.core.actor import Actor
from lianqiao.lists.imports.places import CODED, Coded
from lianqiao.lists.imports.queries import likely_organisations, reference_table
from lianqiao.lists.imports.reasons import reason_of
from lianqiao.lists.models import Import

OF_ORGANISATIONS = ("wish unknown", "not registered", "organisation unknown")
BETWEEN = " / "


class Hints:
    """For the reader of one import; what is not asked for is not fetched."""

    def __init__(self, imported: Import, by: Actor) -> None:
        self.imported, self.by = imported, by
        self.tables: dict[str, Coded] = {}

    def explained(self, code: str, key: str, value: str) -> str:
        """The reason in words, with the nearest names where there are some."""
        reason = str(reason_of(code))
        near = self.near(code, key, value)
        if not near:
            return reason
        return _("%(reason)s相近的有：%(names)s。") % {"reason": reason, "names": BETWEEN.join(near)}

    def near(self, code: str, key: str, value: str) -> list[str]:
        if code in OF_ORGANISATIONS:
            return self.organisations.get(value, [])
        if code.startswith("no such") and key in CODED:
            table = CODED[key][1]
            if table not in self.tables:
                self.tables[table] = Coded(reference_table(self.by, table))
            return self.tables[table].near(value)
        return []

    @cached_property
    def organisations(self) -> dict[str, list[str]]:
        """As long as a problem keeps them."""
        names = [(row.name[:60], row.likely) for row in self.imported.names.all() if row.likely]
        rows = likely_organisations((pk for _name, likely in names for pk in likely), self.by)
        return {name: [rows[pk].label for pk in likely if pk in rows] for name, likely in names}
