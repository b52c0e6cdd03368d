"""The kinds of lists that are known, each declared once."""

from projects.importing.lists.firms import FIRMS
from projects.importing.lists.opening_rows import OPENING_ROWS
from projects.importing.lists.organisations import ORGANISATIONS
from projects.importing.lists.plan_rows import PLAN_ROWS
from projects.importing.lists.units import UNITS
from projects.importing.proposals import ListKind

KINDS: dict[str, ListKind] = {kind.key: kind for kind in (PLAN_ROWS, OPENING_ROWS, FIRMS, ORGANISATIONS, UNITS)}
