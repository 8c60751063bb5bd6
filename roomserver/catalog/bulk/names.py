"""Names in cells for ids in the catalog: people read "Jane Doe", the catalog keeps "prs_1"."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from roomserver.catalog.bulk.cells import CellError
from roomserver.faults import Fault, shortened

_TO_QUOTE = re.compile(r'[,"\r\n]|^\s|\s$')


class Names:
    """What can be named in a column: presenters, ticket types, apps or sessions, each with its id.

    With `create`, an unknown name stands for a new thing: `resolve` gives it a placeholder, the same each time it comes
    up. `create` gets the name and returns what is wrong with it, if anything.
    """

    def __init__(
        self, noun: str, names: Mapping[str, str], *, create: Callable[[str], Fault | None] | None = None
    ) -> None:
        self._noun = noun
        self._names = dict(names)
        self._create = create
        self._ids: defaultdict[str, list[str]] = defaultdict(list)
        for each, name in names.items():
            self._ids[name].append(each)
        self.created: dict[str, str] = {}
        """Names by placeholder, in the order in which they came up."""

    def resolve(self, token: str) -> str:
        """Return the id of what is named by its id or by a name that nothing else has.

        Raises:
            CellError: nothing has this name, or several have it.
        """
        if token in self._names:
            return token
        match self._ids.get(token, []):
            case [single]:
                return single
            case [] if self._create is not None:
                if wrong := self._create(token):
                    raise CellError(wrong.code, shortened(token), **wrong.values)
                return self._new(token)
            case []:
                raise CellError("unknown_name", what=self._noun, name=shortened(token))
            case several:
                raise CellError("name_of_several", name=shortened(token), first=several[0], second=several[1])

    def label(self, each: str) -> str:
        """Return the name that `resolve` understands as this id, else the id."""
        name = self._names.get(each, each)
        return name if name not in self._names and len(self._ids.get(name, ())) == 1 else each

    def _new(self, name: str) -> str:
        placeholder = f"new_{len(self.created) + 1}"
        self.created[placeholder] = self._names[placeholder] = name
        self._ids[name].append(placeholder)
        return placeholder


def read_list(text: str) -> list[str]:
    """Return the parts of a comma-separated list; a part with a comma in it stands in double quotes.

    Raises:
        CellError: a quote doesn't close.
    """
    try:
        lines = list(csv.reader(io.StringIO(text), skipinitialspace=True, strict=True))
    except csv.Error as error:
        raise CellError("open_quote") from error
    return [part.strip() for line in lines for part in line if part.strip()]


def write_list(parts: Iterable[str]) -> str:
    return ", ".join('"' + part.replace('"', '""') + '"' if _TO_QUOTE.search(part) else part for part in parts)
