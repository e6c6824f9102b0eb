"""A company of two teams with a steady spend, and budgets for it; every figure can be worked out in the head."""

from datetime import date, timedelta
from pathlib import Path

from tests.store.staged import Charge, load
from tools.domain.scope import Scope
from tools.ingest.records import load_records
from tools.registry import ToolContext
from tools.store import Store

FIRST, THROUGH, AS_OF = date(2026, 6, 1), date(2026, 11, 20), date(2026, 11, 21)
DAILY = {"search": "10", "ads": "30"}
BUDGETS = """name,x_Team,start,end,amount,currency,owner
search Nov,search,2026-11-01,2026-12-01,400,USD,Ada
ads Nov,ads,2026-11-01,2026-12-01,800,USD,
company Nov,,2026-11-01,2026-12-01,1300,USD,Cleo
ads Oct,ads,2026-10-01,2026-11-01,900,USD,
search Dec,search,2026-12-01,2027-01-01,400,USD,
"""


def spent_company(folder: Path) -> Store:
    """Ten dollars a day of search and thirty of ads, from June through 20 November."""
    store = Store(folder / "store")
    days = [FIRST + timedelta(days=n) for n in range((THROUGH - FIRST).days + 1)]
    load(store, [Charge(day, amount, team=team) for day in days for team, amount in DAILY.items()])
    return store


def with_budgets(store: Store, text: str = BUDGETS) -> Store:
    path = store.path.parent / "budgets.csv"
    path.write_text(text)
    load_records(store, "budgets", [path])
    return store


def context(store: Store, as_of: date = AS_OF, scope: Scope | None = None) -> ToolContext:
    return ToolContext(store=Store(store.path, scope=scope or Scope()).snapshot(), as_of=as_of)
