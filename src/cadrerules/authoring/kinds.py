"""The kinds of documents there are, and which of them a document is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..errors import PolicyError, Problem
from ..load.yaml import Located
from ..model.documents import Document, PolicyDoc
from ..model.set_documents import ClausesDoc, QuestionsDoc, SetDoc
from ..simulate.distribution_documents import DistributionsDoc
from ..simulate.reform_documents import ReformDoc
from ..simulate.synthetic.documents import PopulationDoc
from ..simulate.uncertain_documents import UncertainDoc
from ..testing.case_documents import CaseFile
from ..verify.accepted import AcceptedFile


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document: its model, and the entries, any of them, by which it is told from the others."""

    model: type[Document]
    telling: tuple[str, ...]


KINDS: Mapping[str, Kind] = {
    "policy": Kind(PolicyDoc, ("policy",)),
    "questions": Kind(QuestionsDoc, ("questions",)),
    "clauses": Kind(ClausesDoc, ("clauses",)),
    "cases": Kind(CaseFile, ("cases",)),
    "policy_set": Kind(SetDoc, ("policy_set",)),
    "reform": Kind(ReformDoc, ("reform",)),
    "accepted": Kind(AcceptedFile, ("accepted",)),
    "uncertain": Kind(UncertainDoc, ("replace", "noise")),
    "distributions": Kind(DistributionsDoc, ("distributions",)),
    "population": Kind(PopulationDoc, ("tables",)),
}
"""Every kind by name, in an order in which the first with such an entry is the document's: a case file names its `policy_set`, too."""


def kind_of(located: Located) -> Kind:
    """The kind of a document, told by its entries; `PolicyError` where it is of none."""
    entries = located.data if isinstance(located.data, Mapping) else {}
    for kind in KINDS.values():
        if any(name in entries for name in kind.telling):
            return kind
    known = ", ".join(f"`{name}`" for kind in KINDS.values() for name in kind.telling)
    raise PolicyError(Problem("CR-UNKNOWN-DOCUMENT", located.place(), {"known": known}))
