"""What can't be evaluated for want of a table: whole policies, or single rules of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from .policy import Policy, Rule
from .result import NotEvaluated


@dataclass
class Absences:
    """Notes what is left out because of tables that aren't there; `there` are those that are."""

    there: Collection[str]
    noted: list[NotEvaluated] = field(default_factory=list)

    def leaves_out(self, policy: Policy) -> bool:
        """Whether no row can be looked at by any rule; the policy is then listed as a whole."""
        looked_at = {rule.facts for rule in policy.rules} or policy.needs.keys()
        lacking = [set(self._absent(policy.needs[name])) for name in looked_at]
        if not all(lacking):
            return False
        own = self._absent(policy.needs[policy.facts.name]) if policy.facts else ()
        shared = set.intersection(*lacking) or set.union(*lacking)
        self._note(policy.name, None, own or tuple(sorted(shared)))
        return True

    def leaves_out_rule(self, policy: Policy, rule: Rule) -> bool:
        """Whether a table that the rule needs isn't there; the rule is then listed."""
        lacking = self._absent({*policy.needs[rule.facts], *((rule.to.table,) if rule.to else ())})
        if lacking:
            self._note(policy.name, rule.id, lacking)
        return bool(lacking)

    def _absent(self, tables: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(table for table in tables if table not in self.there))

    def _note(self, policy: str, rule: str | None, tables: tuple[str, ...]) -> None:
        left = NotEvaluated(policy=policy, rule=rule, tables=tables, reason=f"there is no table {', '.join(tables)}")
        if left not in self.noted:
            self.noted.append(left)
