"""What importing costs, against importing pydantic: each in a new process."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest


def imported(module: str) -> None:
    subprocess.run([sys.executable, "-c", f"import {module}"], check=True)


@pytest.mark.benchmark(group="import")
@pytest.mark.parametrize("module", ["pydantic", "cadrerules"])
def test_import(benchmark: Any, module: str) -> None:
    benchmark.pedantic(imported, (module,), rounds=5, warmup_rounds=1)
