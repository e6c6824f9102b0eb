"""A command line in this process, over a small home."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from agent.cli.main import main

BILL = """\
BilledCost,EffectiveCost,ListCost,ContractedCost,BillingAccountId,BillingAccountName,BillingCurrency,\
BillingPeriodStart,BillingPeriodEnd,ChargePeriodStart,ChargePeriodEnd,ChargeCategory,ChargeDescription,\
ServiceProviderName,HostProviderName,InvoiceIssuerName,ServiceName,ServiceCategory,x_Model,x_Team
10.10,10.10,12.00,11.00,acct-1,Main,USD,2026-10-01,2026-11-01,2026-10-03,2026-10-04,Usage,tokens,\
Acme AI,Acme AI,Acme AI,Acme Models,AI and Machine Learning,quartz-large,search
5.005,5.005,5.50,5.25,acct-1,Main,USD,2026-10-01,2026-11-01,2026-10-04,2026-10-05,Usage,tokens,\
Acme AI,Acme AI,Acme AI,Acme Models,AI and Machine Learning,quartz-small,search
2.50,2.50,2.50,2.50,acct-1,Main,USD,2026-10-01,2026-11-01,2026-10-05,2026-10-06,Usage,tokens,\
Acme AI,Acme AI,Acme AI,Acme Models,AI and Machine Learning,quartz-small,
-1.00,-1.00,0,0,acct-1,Main,USD,2026-10-01,2026-11-01,2026-10-31,2026-11-01,Credit,goodwill,\
Acme AI,Acme AI,Acme AI,Acme Models,AI and Machine Learning,,
"""


class Outcome(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Outcome]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def bill(tmp_path: Path) -> Path:
    path = tmp_path / "bill.csv"
    path.write_text(BILL, encoding="utf-8")
    return path


@pytest.fixture
def outlay(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `outlay --home HOME …` as the console script does."""

    def run(*arguments: object) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["outlay", "--home", str(home), *map(str, arguments)])
        code = _exit_code()
        out, err = capsys.readouterr()
        return Outcome(code, out, err)

    return run


def _exit_code() -> int:
    try:
        main()
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0
