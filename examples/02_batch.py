"""A batch job: evaluate a folder of facts for each bureau, write results and a report, do again only what has changed.

    python examples/02_batch.py DATA OUT [--as-of 2025-01-15] [--policies market-supervision]

DATA has a folder of CSV or Parquet files per bureau, or is one. OUT gets a folder of the same name for each, with
`decisions.parquet`, `findings.parquet`, `report.html` and `done.json`, which says what they were made from. Each is put
in place whole, so a job that was interrupted is started again and goes on where it was. Exit status: 0 all done, 1 facts
of a bureau were refused (the others are done, and what was refused has no results), 2 wrong usage.
"""

import argparse
import json
import shutil
import sys
from datetime import date
from hashlib import sha256
from pathlib import Path

import cadrerules as cr


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("data", type=Path)
    options.add_argument("out", type=Path)
    options.add_argument("--as-of", type=date.fromisoformat, default=date.today())
    options.add_argument("--policies", default="market-supervision")
    given = options.parse_args()
    try:
        plan, folders = cr.load_policies(given.policies), bureaus(given.data)
    except (cr.CadreError, OSError) as error:
        options.error(str(error))
    done = [do(plan, folder, given.out / folder.name, given.as_of) for folder in folders]
    return 0 if all(done) else 1


def bureaus(data: Path) -> list[Path]:
    """The folder of each bureau, or the only one."""
    return sorted(path for path in data.iterdir() if path.is_dir()) or [data]


def do(plan: cr.Plan, folder: Path, out: Path, as_of: date) -> bool:
    """Evaluate one bureau, unless that is done; whether there are results now."""
    inputs = {"policies": plan.hash, "as_of": str(as_of), "engine": cr.__version__, "facts": digest(folder)}
    if (out / "done.json").exists() and json.loads((out / "done.json").read_text()) == inputs:
        print(f"{folder.name}: nothing new")
        return True
    shutil.rmtree(out, ignore_errors=True)  # results of other facts mustn't be taken for those of these
    try:
        result = plan.evaluate(cr.read_tables(folder, plan), as_of=as_of)
    except cr.DataError as error:
        print(f"{folder.name}: refused\n{error}", file=sys.stderr)
        return False
    write(result, out, inputs)
    undetermined = sum(decision.status == "undetermined" for decision in result.decisions)
    print(f"{folder.name}: {len(result.decisions)} decisions, {undetermined} of them undetermined")
    return True


def write(result: cr.Result, out: Path, inputs: dict[str, str]) -> None:
    """Write all of it beside its place, then put it there."""
    beside = out.with_name(f".{out.name}.part")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    for name in ("decisions", "findings"):
        result.write_parquet(beside / f"{name}.parquet", name)
    report = result.report("discretion", lang="zh", format="html")
    (beside / "report.html").write_text(str(report), encoding="utf-8")
    (beside / "done.json").write_text(json.dumps(inputs, indent=2) + "\n", encoding="utf-8")
    beside.rename(out)


def digest(folder: Path) -> str:
    """What is in the files of a folder, in one number."""
    found = sha256()
    for path in sorted(path for path in folder.iterdir() if path.is_file()):
        found.update(f"{path.name}\0{path.stat().st_size}\0".encode())
        found.update(path.read_bytes())
    return found.hexdigest()


if __name__ == "__main__":
    sys.exit(main())
