"""The section on populations in the page of benchmarks, written from the figures of a run alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

from .cases import BY_HAND, CASES

BEGIN = (
    "<!-- Populations: written by tests/benchmarks/populations/run.py from its figures; run it instead of editing. -->"
)
END = "<!-- End of populations. -->"

Figures = dict[str, Any]
Run = dict[str, Any]


def write_page(figures: Figures, page: Path) -> None:
    """The page with its section on populations replaced, or added at the end."""
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(before.rstrip() + "\n\n" + section(figures) + "\n" + after.lstrip("\n"), encoding="utf-8")


def section(figures: Figures) -> str:
    """The section between its marks."""
    return "\n".join([BEGIN, "", *_section(figures), "", END])


def _section(figures: Figures) -> Iterator[str]:
    yield "## Populations\n"
    yield _setting(figures)
    sizes = [run for run in figures["runs"] if run["group"] == "sizes"]
    for name, case in CASES.items():
        if runs := [run for run in sizes if run["case"] == name and run["wall"]]:
            yield f"\n### {case.title}\n"
            yield from _peer_table(name, runs) if case.by_hand else _table(name, runs)
    yield from _crossover([run for run in figures["runs"] if run["group"] == "crossover"])
    yield from _failures(figures["runs"])


def _setting(figures: Figures) -> str:
    machine, versions = figures["machine"], figures["versions"]
    libraries = ", ".join(f"{name} {version}" for name, version in versions.items())
    return f"""\
{machine["system"]}, {machine["cores"]} cores, {machine["memory"] / 2**30:.0f} GiB of memory, Python {machine["python"]};
{libraries}.
From a folder of Parquet files to a frame, or a file of decisions. *Reading* is the CPU that it takes to check the tables
(types, bounds, keys, references), once for all evaluations; what is written by hand checks nothing. Every measurement is a process of its
own; medians of {figures["repeat"]}, the sides taking turns. CPU is that of all threads, memory the peak above what the
imports take. What is written by hand takes every cell for known, and so is asked only where none is empty.
`python tests/benchmarks/populations/run.py --json FIGURES --page PAGE` repeats them; `--help` tells its options."""


def _peer_table(name: str, runs: list[Run]) -> Iterator[str]:
    """Each engine beside what is written by hand in the same technology."""
    by_hand = {(run["side"], run["organisations"]): run for run in runs if run["side"].endswith(BY_HAND)}
    yield f"| {CASES[name].counted} | empty cells | side | reading | wall | CPU | CPU to by hand | memory | rows given |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for run in runs:
        peer = by_hand.get((run["side"].removesuffix(BY_HAND) + BY_HAND, run["organisations"]))
        ratio = f"{_of(run, 'cpu') / _of(peer, 'cpu'):.2f}" if peer else ""
        yield _row(_size(run), _holes(run), run["side"], _reading(run), *_times(run), ratio, *_room(run))
    yield from _growth(runs)


def _growth(runs: list[Run]) -> Iterator[str]:
    """How much more the largest size costs than the smallest."""
    sizes = sorted({run["organisations"] for run in runs})
    if len(sizes) > 1:
        small, large = (
            {(r["side"], r["holes"]): r for r in runs if r["organisations"] == size} for size in (sizes[0], sizes[-1])
        )
        yield f"\nFrom {_count(sizes[0])} to {_count(sizes[-1])} organisations, {sizes[-1] / sizes[0]:.3g} times as many:\n"
        yield "| side | empty cells | CPU grows | memory grows |\n|---|---|---|---|"
        for key in [key for key in small if key in large]:
            grown = (
                f"{_of(large[key], what) / max(_of(small[key], what), 1e-9):.3g} times" for what in ("cpu", "memory")
            )
            yield _row(key[0], _holes(small[key]), *grown)


def _table(name: str, runs: list[Run]) -> Iterator[str]:
    yield f"| {CASES[name].counted} | empty cells | side | reading | wall | CPU | memory | rows given |\n|---|---|---|---|---|---|---|---|"
    for run in runs:
        yield _row(_count(run["organisations"]), _holes(run), run["side"], _reading(run), *_times(run), *_room(run))
    yield from _growth(runs)


def _crossover(runs: list[Run]) -> Iterator[str]:
    """Wall time by organisations: from how many on a columnar engine is worth its start."""
    for name in dict.fromkeys(run["case"] for run in runs if run["wall"]):
        own = [run for run in runs if run["case"] == name and run["wall"]]
        sides = list(dict.fromkeys(run["side"] for run in own))
        yield f"\n### From how many organisations on: {CASES[name].title}\n"
        yield _row("organisations", *sides) + "\n" + _row(*["---"] * (len(sides) + 1))
        for size in sorted({run["organisations"] for run in own}):
            at = {run["side"]: _seconds(_of(run, "wall")) for run in own if run["organisations"] == size}
            yield _row(_count(size), *(at.get(side, "") for side in sides))


def _failures(runs: Iterable[Run]) -> Iterator[str]:
    failed = [
        f"{r['side']}, {CASES[r['case']].title}, {_count(r['organisations'])} organisations"
        for r in runs
        if r["failed"]
    ]
    if failed:
        yield "\nNot measured, because it failed: " + "; ".join(dict.fromkeys(failed)) + "."


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _size(run: Run) -> str:
    return _count(run["organisations"] * CASES[run["case"]].per_organisation)


def _holes(run: Run) -> str:
    return f"{run['holes']:.0%}" if run["holes"] else "none"


def _reading(run: Run) -> str:
    """What checking the tables took before, in CPU; nothing is checked by what is written by hand."""
    return "" if run["side"].endswith(BY_HAND) else _seconds(_of(run, "reading"))


def _times(run: Run) -> tuple[str, str]:
    return _seconds(_of(run, "wall")), _seconds(_of(run, "cpu"))


def _room(run: Run) -> tuple[str, str]:
    return f"{_of(run, 'memory') / 2**20:,.0f} MiB", _count(int(_of(run, "rows")))


def _of(run: Run, what: str) -> float:
    return float(median(run[what]))


def _seconds(value: float) -> str:
    return f"{value:.3g} s" if value >= 1 else f"{value * 1000:.3g} ms"


def _count(number: int) -> str:
    return f"{number:,}"
