"""`names__holds="research"`: rows whose JSON list has this word, the same on both databases.

PostgreSQL knows how many rows hold which word, and so begins with the order where many do; of a look into the text it
knows nothing.
"""

import json
from typing import Any

from django.db.models import JSONField, Lookup


class Holds(Lookup):
    lookup_name = "holds"
    prepare_rhs = False
    rhs: str

    def get_db_prep_lookup(self, value: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return "%s", (json.dumps(value),)

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, params = self.process_lhs(compiler, connection)
        word, said = self.process_rhs(compiler, connection)
        return f"{column} @> {word}::jsonb", (*params, *said)

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, params = self.process_lhs(compiler, connection)
        word, said = self.process_rhs(compiler, connection)
        return f"instr({column}, {word}) > 0", (*params, *said)


JSONField.register_lookup(Holds)
