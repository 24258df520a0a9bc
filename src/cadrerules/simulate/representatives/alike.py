"""Finds who is alike under all variants: whose rows hold the same, or come to the same whatever is put together of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from ...engines.columnar.decisions import KEYS
from ...engines.columnar.expressions import Col, Expr, reads
from ...engines.columnar.relations import Join, Pick, Relation, Source
from ...engines.polars import Runner
from .split import NotByRowsError
from .standing import WEIGHT, Representatives, Sources
from .variants import Variant, replaced

WHOSE = [f"({name})" for name in KEYS]
"""The columns that say whose a row is, beside those of a core."""
NUMBER = "(number)"
"""The column that numbers rows that hold the same."""
BITS = 62
"""So many kinds of rows one whole number tells."""
MOST_KINDS, MOST_SETS = 8 * BITS, 500_000
"""More kinds of rows, and more sets of them, aren't told apart: they would save nothing."""


def representatives(variants: Sequence[Variant], sources: Sources) -> Representatives:
    """Those who stand for others under all of the variants; `NotByRowsError` where nobody can be told to be alike."""
    first = max(variants, key=lambda variant: sum(len(split.core.relation.columns) for split in variant.splits))
    parts = list(_parts(variants, first))
    distinct = list(dict.fromkeys(part.name for part in parts))
    if len(distinct) == 1 and all(part.group is None for part in parts):
        rows, weights = _of_rows(parts[0], sources)
        held = {distinct[0]: rows}
    else:
        held, weights = _of_several(variants, first, parts, sources)
    cores = [Source(p.name, {n: k for n, k in p.core.columns.items() if n in held[p.name].columns}) for p in parts]
    return Representatives(tuple(cores), tuple(p.keys for p in parts), {name: f.lazy() for name, f in held.items()}, weights)


@dataclass(frozen=True)
class _Part:
    """An entry by number: the core it is on, under a name, and whose its rows are.

    `reads` is what any variant reads of them, `kept` what is read for any entry on this core.
    """

    at: int
    name: str
    core: Relation
    keys: Mapping[str, Expr]
    reads: tuple[str, ...]
    kept: frozenset[str]
    group: Relation | None

    def rows(self, sources: Sources) -> pl.LazyFrame:
        """Its rows: what outcomes rest on, whose they are, and the columns that say so."""
        kept = {*self.kept, *(name for expr in self.keys.values() for name in reads(expr))}
        columns = {name: Col(name, self.core.columns[name]) for name in sorted(kept)}
        return Runner.lazy(Pick(self.core, {**columns, **dict(zip(WHOSE, self.keys.values(), strict=True))}), sources)


def _parts(variants: Sequence[Variant], first: Variant) -> Iterator[_Part]:
    """The entries, which must be alike in all variants; those on the same rows have the same name."""
    names: dict[tuple[int, tuple[Expr, ...]], str] = {}
    entries = range(len(first.splits))
    named = [names.setdefault((id(first.splits[at].core), tuple(first.keys(at).values())), f"(core {at})") for at in entries]
    read = [frozenset[str]().union(*(_reads(variant, first, at) for variant in variants)) for at in entries]
    for at, name in enumerate(named):
        kept = frozenset[str]().union(*(of for of, other in zip(read, named, strict=True) if other == name))
        yield _Part(at, name, first.splits[at].core.relation, first.keys(at), tuple(sorted(read[at])), kept, first.entries[at].group)


def _reads(variant: Variant, first: Variant, at: int) -> frozenset[str]:
    mine, core = variant.splits[at].core, first.splits[at].core
    read = variant.reads(at)
    if len(variant.splits) != len(first.splits) or mine.rows != core.rows or variant.keys(at) != first.keys(at):
        raise NotByRowsError
    if not read <= core.relation.columns.keys():
        raise NotByRowsError
    return read


def _weights(found: pl.DataFrame) -> pl.DataFrame:
    return found.select(WEIGHT, **{name: pl.col(key) for name, key in zip(KEYS, WHOSE, strict=True)})


# --- one row each -------------------------------------------------------------------------------


def _of_rows(part: _Part, sources: Sources) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Where each has one row: of each combination of what is read, the first, and how many there are."""
    lazy = part.rows(sources)
    others = [name for name in lazy.collect_schema().names() if name not in part.kept]
    by: Any = sorted(part.kept) or [pl.lit(0).alias("(all)")]
    kept = [pl.len().alias(WEIGHT), *(pl.col(name).first() for name in others)]
    found = lazy.group_by(by).agg(kept).collect(engine="streaming")
    return found, _weights(found)


# --- several rows each --------------------------------------------------------------------------


def _of_several(
    variants: Sequence[Variant], first: Variant, parts: Sequence[_Part], sources: Sources
) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    """Where several rows bear on one decision: those are alike whose rows come to the same, entry by entry."""
    held = {name: part.rows(sources).collect(engine="streaming") for name, part in {p.name: p for p in parts}.items()}
    coded = pl.concat([_coded(variants, part, held[part.name]) for part in parts])
    alike = coded.group_by(WHOSE).agg(pl.col(NUMBER).sort())
    one_of_each = [pl.len().alias(WEIGHT), *(pl.col(name).first() for name in WHOSE)]
    found = _marked(alike, first, sources).group_by(NUMBER, "mark").agg(one_of_each)
    kept = {name: frame.join(found, on=WHOSE, how="semi", nulls_equal=True) for name, frame in held.items()}
    return kept, _weights(found)


def _coded(variants: Sequence[Variant], part: _Part, frame: pl.DataFrame) -> pl.DataFrame:
    """Whose rows there are, each with a number that those share whose rows of this entry come to the same."""
    read = list(part.reads)
    if read:
        distinct = frame.select(read).unique().with_row_index(NUMBER)
        numbered = frame.join(distinct, on=read, how="left", nulls_equal=True).select(*WHOSE, pl.col(NUMBER).cast(pl.Int64))
    else:
        distinct = pl.DataFrame({NUMBER: [0]})
        numbered = frame.select(*WHOSE, pl.lit(0, pl.Int64).alias(NUMBER))
    if part.group is not None:
        numbered = _together(numbered, _responses(variants, part, distinct))
    return numbered.with_columns(pl.col(NUMBER) + part.at * 2**40)


def _responses(variants: Sequence[Variant], part: _Part, distinct: pl.DataFrame) -> dict[int, int]:
    """For each kind of row, as bits, under which variants it counts and what holds of it; those that never count are left out."""
    rows = Source("(distinct)", {NUMBER: "int", **{name: part.core.columns[name] for name in part.reads}})
    source = {"(distinct)": distinct.with_columns(pl.col(NUMBER).cast(pl.Int64)).lazy()}
    found: dict[int, int] = {}
    bit = 1
    for variant in variants:
        answer = Runner.lazy(variant.response(part.at, rows, NUMBER), source).collect()
        for number, *held in answer.iter_rows():
            found[number] = found.get(number, 0) | bit | sum(bit << at for at, truth in enumerate(held, 1) if truth)
        bit <<= answer.width
    return found


def _together(numbered: pl.DataFrame, responses: Mapping[int, int]) -> pl.DataFrame:
    """Whose rows there are, with a number that those share whose rows together answer alike under every variant."""
    kinds = {response: kind for kind, response in enumerate(dict.fromkeys(responses.values()))}
    if not kinds:
        return numbered.clear()
    if len(kinds) > MOST_KINDS:
        raise NotByRowsError
    answers = list(kinds)
    of_kind = pl.DataFrame(
        {NUMBER: [*responses], "kind": [kinds[response] for response in responses.values()]},
        {NUMBER: pl.Int64, "kind": pl.Int64},
    )
    words = range(-(-len(kinds) // BITS))
    bits = [
        pl.when(pl.col("kind") // BITS == word).then(pl.lit(1, pl.Int64) * 2 ** (pl.col("kind") % BITS)).otherwise(0).cast(pl.Int64).alias(f"word{word}")
        for word in words
    ]
    names = [f"word{word}" for word in words]
    counting = numbered.join(of_kind, on=NUMBER, how="inner").select(*WHOSE, *bits)
    sets = counting.group_by(WHOSE).agg(pl.col(name).bitwise_or() for name in names)
    return _numbered(sets, names, answers)


def _numbered(sets: pl.DataFrame, names: list[str], answers: Sequence[int]) -> pl.DataFrame:
    distinct = sets.select(names).unique()
    if distinct.height > MOST_SETS:
        raise NotByRowsError
    together: dict[int, int] = {}
    numbers = [together.setdefault(_answer(words, answers), len(together)) for words in distinct.iter_rows()]
    told = distinct.with_columns(pl.Series(NUMBER, numbers, pl.Int64))
    return sets.join(told, on=names, how="left").select(*WHOSE, NUMBER)


def _answer(words: tuple[int, ...], answers: Sequence[int]) -> int:
    """What kinds of rows answer together: any of them."""
    found = 0
    for at, word in enumerate(words):
        while word:
            low = word & -word
            found |= answers[at * BITS + low.bit_length() - 1]
            word ^= low
    return found


# --- rows beside --------------------------------------------------------------------------------


def _marked(alike: pl.DataFrame, first: Variant, sources: Sources) -> pl.DataFrame:
    """Those whom rows beside (a waiver) are about get a mark of their own."""
    named = [_named(first, at, join, sources) for at, entry in enumerate(first.entries) for join in entry.beside]
    numbered = alike.with_row_index("mark")
    if not named:
        return numbered.with_columns(mark=pl.lit(None, pl.UInt32))
    who = pl.concat(named).unique().with_columns(alone=pl.lit(value=True))
    joined = numbered.join(who, left_on=WHOSE, right_on=list(KEYS), how="left", nulls_equal=True)
    return joined.with_columns(mark=pl.when("alone").then("mark"))


def _named(first: Variant, at: int, join: Join, sources: Sources) -> pl.DataFrame:
    entry, split = first.entries[at], first.splits[at]
    keys = {of: first.keys(at)[name] for name, of in entry.keys.items()}
    rows = replaced(replace(join, how="inner"), {id(entry.rows): Pick(split.core.relation, keys)})
    return Runner.lazy(Pick(rows, {name: Col(name, "text") for name in KEYS}), sources).collect(engine="streaming")
