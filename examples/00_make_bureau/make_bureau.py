"""Make the facts of the examples: a made-up bureau of 20 units and about 180 people, in `../bureau/` and `../bureau.xlsx`.

Each function under "Stories" plants one situation that the rules tell apart, and says which unit shows
it; the rest is drawn from a fixed seed. As of 2025-01-15 every verdict of the plan occurs, with the
settings that `../README.md` names. What people and the bureau do is in `duties.py`. Run `python examples/00_make_bureau/make_bureau.py` to write the files again, byte for byte the same.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import xlsxwriter

import duties
from cadrerules.model.facts import ColumnSpec, Facts
from cadrerules_market_supervision.facts import TABLES

NAMES = [
    *("综合科", "人事科", "法规科", "财务科", "登记注册科", "信用监管科", "价格监督科", "竞争执法科"),
    *("网络交易科", "广告监管科", "质量发展科", "质量监督科", "食品生产科", "食品流通科", "餐饮服务科"),
    *("特种设备科", "计量科", "标准化科", "认证监管科", "知识产权科"),
]
UNITS = [f"U{n:02}" for n in range(1, 21)]
QUARTERS = [f"{year}Q{n}" for year in (2023, 2024) for n in (1, 2, 3, 4)]
YEARS = (2022, 2023, 2024)
TWO_INDICATORS = {"U04", "U08", "U12", "U14", "U17", "U20"}
THREE_INDICATORS = {"U15", "U19"}
CITIES = 14

Row = dict[str, Any]


@dataclass
class Bureau:
    """What the stories fix; everything else is drawn at random."""

    places: dict[tuple[str, str], int] = field(default_factory=dict)  # quarter, unit: its place
    ties: dict[tuple[str, str], str] = field(default_factory=dict)  # quarter, unit: whose score it has too
    progress: dict[tuple[str, str], Row] = field(default_factory=dict)  # quarter, indicator: cells
    absent: set[tuple[str, str]] = field(default_factory=set)  # quarter, unit: no row at all
    styles: dict[tuple[str, str], str | None] = field(default_factory=dict)  # quarter, unit
    results: dict[tuple[int, str], Row] = field(default_factory=dict)  # year, indicator: cells
    staff: list[Row] = field(default_factory=list)
    waivers: list[Row] = field(default_factory=list)
    exemptions: list[Row] = field(default_factory=list)
    disputes: list[Row] = field(default_factory=list)

    def place(self, unit: str, places: dict[str, int]) -> None:
        """Fix the unit's place in some quarters."""
        self.places |= {(quarter, unit): place for quarter, place in places.items()}

    def style(self, unit: str, styles: dict[str, str | None]) -> None:
        """Fix how the unit's work style is judged in some quarters."""
        self.styles |= {(quarter, unit): style for quarter, style in styles.items()}

    def result(self, year: int, indicator: str, **cells: Any) -> None:
        """Fix cells of one year-end result; points are given as text."""
        if "deducted" in cells:
            cells["deducted"] = Decimal(cells["deducted"])
        self.results[year, indicator] = self.results.get((year, indicator), {}) | cells

    def ranks(self, indicator: str, ranks: dict[int, int | None]) -> None:
        """Fix the indicator's rank in the region in some years."""
        for year, rank in ranks.items():
            self.result(year, indicator, regional_rank=rank)

    def post(self, unit: str | None, role: str, number: int = 1) -> Row:
        """The unit's first, second, ... post of a role."""
        return [row for row in self.staff if row["unit"] == unit and row["role"] == role][number - 1]

    def hire(self, unit: str, role: str, joined: date, person: str = "") -> None:
        """One more post: of somebody new, or of a person who is already there."""
        own = next((row for row in self.staff if row["person"] == person), None)
        number = len({row["person"] for row in self.staff}) + 1
        row = _person(number, unit, role, joined) if own is None else own | _post(unit, role, joined)
        self.staff.append(row)


# ---- The people ------------------------------------------------------------------------------------


def _post(unit: str | None, role: str, joined: date) -> Row:
    return {"unit": unit, "role": role, "joined": joined, "left": None}


def _person(number: int, unit: str | None, role: str, joined: date) -> Row:
    row = {"person": f"P{number:03}", **_post(unit, role, joined), "name": f"职工{number:03}", "cadre": True}
    flags = {"party_member": True, "key_post": False, "young_cadre": False, "leadership_team": False}
    return row | flags


def ordinary_staff(random: Random) -> list[Row]:
    """Five leaders without a unit, then each unit's head, deputy, two key staff and four or five others."""
    posts: list[tuple[str | None, str]] = [(None, "leader")] * 5
    for n, unit in enumerate(UNITS):
        others = ["staff"] * (4 if n % 4 == 0 else 5)
        posts += [(unit, role) for role in ("head", "deputy_head", "key_staff", "key_staff", *others)]
    return [_drawn(random, number, *post) for number, post in enumerate(posts, 1)]


def _drawn(random: Random, number: int, unit: str | None, role: str) -> Row:
    row = _person(number, unit, role, date(2008, 1, 1) + timedelta(days=random.randrange(14 * 365)))
    plain = role == "staff"
    row["cadre"] = not plain or random.random() < 0.85
    row["party_member"] = not plain or random.random() < 0.6
    row["key_post"] = role == "head" or random.random() < 0.1
    row["young_cadre"] = role in ("key_staff", "staff") and random.random() < 0.1
    row["leadership_team"] = role == "leader"
    return row


# ---- Stories: the board ----------------------------------------------------------------------------

STORIES: list[Callable[[Bureau], None]] = []


def story(tell: Callable[[Bureau], None]) -> Callable[[Bureau], None]:
    """Have the function told with the others, in the order in which they stand here."""
    STORIES.append(tell)
    return tell


@story
def commended(b: Bureau) -> None:
    """U03: red three quarters running with good style, so commended in 2024Q1 and again in 2024Q2."""
    b.place("U03", {"2023Q3": 9, "2023Q4": 3, "2024Q1": 2, "2024Q2": 4, "2024Q3": 12})
    b.style("U03", {"2023Q4": "good", "2024Q1": "good", "2024Q2": "good"})


@story
def good_only_at_the_end(b: Bureau) -> None:
    """U04: red twice, good style only at the end; not commended with `board.style_quarters=all`."""
    b.place("U04", {"2023Q1": 5, "2023Q2": 6, "2023Q3": 13})
    b.style("U04", {"2023Q1": "ordinary", "2023Q2": "good"})


@story
def red_but_poor_style(b: Bureau) -> None:
    """U05: red twice with prominent style problems: not commended, and not interviewed either."""
    b.place("U05", {"2024Q2": 14, "2024Q3": 3, "2024Q4": 2})
    b.style("U05", {"2024Q3": "prominent_problems", "2024Q4": "prominent_problems"})


@story
def quarter_without_a_row(b: Bureau) -> None:
    """U06: red around a quarter without a row; commended only with `board.missing_quarter=skips`."""
    b.place("U06", {"2023Q2": 16, "2023Q3": 4, "2023Q4": 20, "2024Q1": 5, "2024Q2": 12})
    b.absent.add(("2023Q4", "U06"))
    b.style("U06", {"2024Q1": "good"})


@story
def tied_at_place_seven(b: Bureau) -> None:
    """U07, U08: the same mean at place 7 in 2024Q2, of one and of two indicators; `board.ties` decides."""
    b.place("U07", {"2024Q2": 7})
    b.place("U08", {"2024Q2": 8})
    b.ties["2024Q2", "U08"] = "U07"


@story
def interview(b: Bureau) -> None:
    """U18: black twice with prominent problems; its head's interview waits for `board.black_quarters`."""
    b.place("U18", {"2024Q2": 9, "2024Q3": 15, "2024Q4": 16})
    b.style("U18", {"2024Q3": "prominent_problems", "2024Q4": "prominent_problems"})


@story
def interview_with_unknown_style(b: Bureau) -> None:
    """U19: black twice, style not yet judged: undetermined even when `board.black_quarters` is 2."""
    b.place("U19", {"2024Q2": 10, "2024Q3": 17, "2024Q4": 18})
    b.style("U19", {"2024Q3": "ordinary", "2024Q4": None})


@story
def unknown_progress(b: Bureau) -> None:
    """U09: no figure for 2024Q3, so any flag is possible; those next to a limit (places 7, 10) are open too.

    U12: one of two figures is missing in 2023Q2, which bounds its mean from below.
    """
    b.place("U09", {"2024Q3": 20})
    b.progress["2024Q3", "I11"] = {"progress": None}
    b.place("U12", {"2023Q2": 12})
    b.progress["2023Q2", "I15"] = {"progress": None}


@story
def other_empty_cells(b: Bureau) -> None:
    """U02: no regional rank in 2024Q2 (matters with `board.ranked=region`). U11: no style in 2023Q3."""
    b.progress["2024Q2", "I02"] = {"regional_rank": None}
    b.style("U11", {"2023Q3": None})


# ---- Stories: the year-end assessment --------------------------------------------------------------


@story
def preferred(b: Bureau) -> None:
    """U10: among the first three all the years, so its head and key staff are preferred in 2023 and 2024.

    One of the key staff left in September, another joined in November 2024 (`people.in_post`), and
    U02's deputy head holds a second post here.
    """
    b.ranks("I12", {2022: 2, 2023: 3, 2024: 1})
    b.post("U10", "key_staff", 2)["left"] = date(2024, 9, 30)
    b.hire("U10", "key_staff", date(2024, 11, 4))
    b.hire("U10", "key_staff", date(2023, 3, 1), person=b.post("U02", "deputy_head")["person"])


@story
def barred_by_ranking(b: Bureau) -> None:
    """U11: among the last three in 2023 and 2024; a waiver for its head ran out before 2025-01-15."""
    b.ranks("I13", {2022: 9, 2023: 13, 2024: 14})
    _waive(b, "U11", "过渡期内暂不适用，期满恢复", date(2024, 12, 20), date(2024, 12, 31))


@story
def waived(b: Bureau) -> None:
    """U16: among the last three twice, and the bar is set aside for its head by a waiver in force."""
    b.ranks("I22", {2022: 8, 2023: 12, 2024: 13})
    _waive(b, "U16", "指标下滑系辖区企业集中外迁所致，本人履职尽责", date(2025, 1, 10), date(2025, 12, 31))


def _waive(b: Bureau, unit: str, reason: str, decided: date, expires: date) -> None:
    row = {"rule": "assessment.bar_ranking", "subject": b.post(unit, "head")["person"], "period": "2024"}
    row |= {"authority": "局党组", "reason": reason, "decided_on": decided, "expires_on": expires}
    b.waivers.append(row)


@story
def barred_by_deduction(b: Bureau) -> None:
    """U12: 2.5 points lost for subjective reasons in 2024; the head changed in the middle of that year.

    An exemption decided on 2025-02-20 doesn't count yet. U05: exactly 2 points, in 2023.
    """
    b.result(2024, "I14", deducted="2.50", cause="subjective", completed=True)
    b.post("U12", "head")["left"] = date(2024, 6, 30)
    b.hire("U12", "head", date(2024, 7, 1))
    _exempt(b, "U12", 2024, "I14", "经复核属于探索性工作中的失误", date(2025, 2, 20))
    b.result(2023, "I06", deducted="2.00", cause="subjective", completed=True)


@story
def preferred_and_barred(b: Bureau) -> None:
    """U15: first three twice with one indicator, last three twice with another.

    The bar outranks; with `resolution.promotion=report_conflict` the head's verdict is `conflict`.
    """
    b.ranks("I19", {2023: 2, 2024: 3})
    b.ranks("I20", {2023: 14, 2024: 12})


@story
def small_field(b: Bureau) -> None:
    """U04: only five cities are ranked, so third place is among the first and the last three.

    `assessment.small_field=separate` makes neither apply.
    """
    for year, rank in ((2022, 1), (2023, 3), (2024, 3)):
        b.result(year, "I04", regional_rank=rank, cities=5)
    for quarter, rank in zip(QUARTERS, (3, 2, 4, 3, 5, 2, 3, 3), strict=True):
        b.progress[quarter, "I04"] = {"regional_rank": rank, "cities": 5}


@story
def three_points(b: Bureau) -> None:
    """U13: exactly 3 points meet the promotion bar and bar "excellent" for the whole unit.

    U14: 3.5 escape the promotion bar unless `assessment.upper_bound=open`; somebody moved there from U05
    in April 2024. U02: 3.2 points in 2023, for an objective cause.
    """
    b.result(2024, "I16", deducted="3.00", cause="subjective", completed=True)
    b.result(2024, "I17", deducted="3.50", cause="subjective", completed=True)
    mover = b.post("U05", "staff")
    mover["left"] = date(2024, 3, 31)
    b.hire("U14", "staff", date(2024, 4, 1), person=mover["person"])
    b.result(2023, "I02", deducted="3.20", cause="objective", completed=False)


@story
def not_completed(b: Bureau) -> None:
    """U17: a task not completed for subjective reasons: no "excellent" for its head and deputy."""
    b.result(2024, "I23", deducted="1.00", cause="subjective", completed=False)


@story
def exempted(b: Bureau) -> None:
    """U20: an exemption lifts the promotion bar and the head's "excellent" bar in 2024.

    U01: in 2023 an exemption covers all of the unit's indicators.
    """
    b.result(2024, "I30", deducted="2.20", cause="subjective", completed=False)
    _exempt(b, "U20", 2024, "I30", "改革试点中的探索性失误，经认定符合容错情形", date(2024, 12, 25))
    b.result(2023, "I01", deducted="2.10", cause="subjective", completed=True)
    _exempt(b, "U01", 2023, None, "上级政策调整前已作出的决定，经认定符合容错情形", date(2024, 1, 12))


def _exempt(b: Bureau, unit: str, year: int, indicator: str | None, reason: str, decided: date) -> None:
    row: Row = {"unit": unit, "year": year, "indicator": indicator}
    b.exemptions.append(row | {"authority": "局党组", "reason": reason, "decided_on": decided})


@story
def two_deductions(b: Bureau) -> None:
    """U19: 1.2 and 1.3 points; only their sum meets the bar (`assessment.deduction_scope=unit_total`)."""
    b.result(2024, "I26", deducted="1.20", cause="subjective", completed=True)
    b.result(2024, "I27", deducted="1.30", cause="subjective", completed=True)
    b.result(2024, "I28", deducted="0.00", cause=None, completed=True)


@story
def unknown_results(b: Bureau) -> None:
    """U03: this year's rank isn't known yet. U06: 2.4 points, but the cause isn't known."""
    b.ranks("I03", {2023: 2, 2024: None})
    b.result(2024, "I07", deducted="2.40", cause=None, completed=True)


@story
def disputed(b: Bureau) -> None:
    """U08: the 3 points of I09 in 2024 are disputed, so they count as unknown. U07: a resolved dispute."""
    b.result(2024, "I09", deducted="3.00", cause="subjective", completed=True)
    b.disputes += [
        _dispute("progress", "2024Q1/U07/I08", "progress", date(2024, 4, 8), date(2024, 4, 22)),
        _dispute("results", "2024/U08/I09", "deducted", date(2025, 1, 6), None),
    ]


def _dispute(table: str, key: str, column: str, raised: date, resolved: date | None) -> Row:
    return {"table": table, "key": key, "column": column, "raised_on": raised, "resolved_on": resolved}


@story
def leaders_change(b: Bureau) -> None:
    """The fourth leader left in June 2023, the fifth came in July."""
    b.post(None, "leader", 4)["left"] = date(2023, 6, 30)
    b.post(None, "leader", 5)["joined"] = date(2023, 7, 1)


# ---- Everything else, at random --------------------------------------------------------------------


def undertaken() -> dict[str, list[str]]:
    """Which indicators each unit undertakes: one, two or three of I01 to I30."""
    numbers = iter(range(1, 31))
    counts = {unit: 3 if unit in THREE_INDICATORS else 2 if unit in TWO_INDICATORS else 1 for unit in UNITS}
    return {unit: [f"I{next(numbers):02}" for _ in range(count)] for unit, count in counts.items()}


def places(b: Bureau, quarter: str, random: Random) -> dict[str, int]:
    """Each unit's place in the quarter: as the stories fix it, the rest drawn."""
    fixed = {unit: b.places[quarter, unit] for unit in UNITS if (quarter, unit) in b.places}
    free = sorted(set(range(1, 21)) - set(fixed.values()))
    random.shuffle(free)
    return fixed | dict(zip([unit for unit in UNITS if unit not in fixed], free, strict=True))


def scores(b: Bureau, quarter: str, random: Random) -> dict[str, Decimal]:
    """Each unit's mean progress against the quarter's target, in the order of the places."""
    drawn = {
        unit: Decimal(1000 - 25 * place + random.randrange(10)).scaleb(-3)
        for unit, place in places(b, quarter, random).items()
    }
    return {unit: drawn[b.ties.get((quarter, unit), unit)] for unit in UNITS}


def progress(b: Bureau, random: Random) -> Iterator[Row]:
    """One row per quarter and indicator; a unit's figures lie evenly about its mean."""
    for quarter in QUARTERS:
        score = scores(b, quarter, random)
        for unit, indicators in undertaken().items():
            spread = Decimal(random.randrange(5, 80)).scaleb(-3)
            for n, indicator in enumerate(indicators):
                offset = {1: [0], 2: [1, -1], 3: [1, 0, -1]}[len(indicators)][n]
                row = {"quarter": quarter, "unit": unit, "indicator": indicator, "cities": CITIES}
                row |= {"progress": score[unit] + offset * spread, "regional_rank": random.randint(1, CITIES)}
                if (quarter, unit) not in b.absent:
                    yield row | b.progress.get((quarter, indicator), {})


def style(b: Bureau, random: Random) -> Iterator[Row]:
    """One row per quarter and unit: good or ordinary, unless a story says otherwise."""
    for quarter in QUARTERS:
        for unit in UNITS:
            drawn = random.choice(["good", "ordinary"])
            yield {"quarter": quarter, "unit": unit, "style": b.styles.get((quarter, unit), drawn)}


def results(b: Bureau, random: Random) -> Iterator[Row]:
    """One row per year and indicator: middling ranks and few points lost, unless a story differs."""
    for year in YEARS:
        for unit, indicators in undertaken().items():
            for indicator in indicators:
                points = random.choice(["0.00"] * 6 + ["0.20", "0.50", "1.00", "1.50"])
                cause = random.choice(["subjective", "objective"]) if points != "0.00" else None
                completed = cause != "objective" or random.random() < 0.7
                row: Row = {"year": year, "unit": unit, "indicator": indicator, "cities": CITIES}
                row |= {"regional_rank": random.randint(4, 11), "deducted": Decimal(points)}
                row |= {"cause": cause, "completed": completed}
                yield row | b.results.get((year, indicator), {})


def tables() -> dict[str, list[Row]]:
    """All the example's rows, by table."""
    random = Random(7)
    bureau = Bureau(staff=ordinary_staff(random))
    for tell in STORIES:
        tell(bureau)
    return {
        "units": [{"unit": unit, "name": name} for unit, name in zip(UNITS, NAMES, strict=True)],
        "staff": bureau.staff,
        "progress": list(progress(bureau, random)),
        "style": list(style(bureau, random)),
        "results": list(results(bureau, random)),
        **duties.tables(bureau.staff),
        "waivers": bureau.waivers,
        "exemptions": bureau.exemptions,
        "disputes": bureau.disputes,
    }


# ---- Writing ---------------------------------------------------------------------------------------


def write_csv(path: Path, model: type[Facts], rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(model.spec.columns)
        writer.writerows([_plain(row[name]) for name in model.spec.columns] for row in rows)


def _plain(cell: Any) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return "" if cell is None else str(cell)


def write_workbook(path: Path, data: dict[str, list[Row]]) -> None:
    """One sheet per table, with the Chinese titles, headings and words."""
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        book.set_properties({"created": datetime(2025, 1, 15)})
        for model in _models(data):
            sheet = book.add_worksheet(model.spec.title.zh)
            for n, column in enumerate(model.spec.columns.values()):
                cells = [_chinese(column, row[column.name]) for row in data[model.spec.name]]
                sheet.write_column(0, n, [column.title.zh, *cells])


def _chinese(column: ColumnSpec, cell: Any) -> Any:
    """A cell as a Chinese spreadsheet has it: 是 and 否, the words for choices, numbers as numbers."""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    return column.about.words[cell][0] if cell in column.about.words else cell


def _models(data: dict[str, list[Row]]) -> list[type[Facts]]:
    return [model for model in TABLES if model.spec.name in data]


def write(folder: Path) -> None:
    """Write `bureau/` and `bureau.xlsx` into the folder."""
    data = tables()
    (folder / "bureau").mkdir(exist_ok=True)
    for model in _models(data):
        write_csv(folder / "bureau" / f"{model.spec.name}.csv", model, data[model.spec.name])
    write_workbook(folder / "bureau.xlsx", data)


if __name__ == "__main__":
    write(Path(__file__).parents[1])
