"""Makes tables on which a mutant decides otherwise as small and plain as they can be, the difference being as plain as before."""

from __future__ import annotations

from dataclasses import dataclass, replace

from .contrast import Contrast, Difference, Scene

MOST = 300
"""How many smaller scenes are tried."""


@dataclass
class Shrinker:
    """Delta debugging: whole tables first, then rows by halves and ones, then settings, then cells."""

    contrast: Contrast
    scene: Scene
    difference: Difference
    left: int = MOST

    def smallest(self) -> tuple[Scene, Difference]:
        """The smallest scene found, and how the decisions differ there."""
        before: Scene | None = None
        while before is not self.scene and self.left > 0:
            before = self.scene
            self._tables()
            self._rows()
            self._settings()
        self._cells()
        return self.scene, self.difference

    def _takes(self, scene: Scene) -> bool:
        """Whether a smaller scene still shows a difference that is no less plain; it is then kept."""
        if self.left <= 0:
            return False
        self.left -= 1
        found = self.contrast.difference(scene)
        if found is None or found.rank > self.difference.rank:
            return False
        self.scene, self.difference = scene, found
        return True

    def _tables(self) -> None:
        for name in sorted(self.scene.tables):
            self._takes(replace(self.scene, tables={n: rows for n, rows in self.scene.tables.items() if n != name}))

    def _rows(self) -> None:
        for name in sorted(self.scene.tables):
            size = max(1, len(self.scene.tables[name]) // 2)
            while size:
                self._pieces(name, size)
                size = 0 if size == 1 else max(1, size // 2)

    def _pieces(self, name: str, size: int) -> None:
        at = 0
        while at < len(self.scene.tables[name]):
            rows = self.scene.tables[name]
            if not self._takes(replace(self.scene, tables={**self.scene.tables, name: (*rows[:at], *rows[at + size :])})):
                at += size

    def _settings(self) -> None:
        for name in sorted(self.scene.params):
            self._takes(replace(self.scene, params={n: v for n, v in self.scene.params.items() if n != name}))
        for name in sorted(self.scene.readings):
            self._takes(replace(self.scene, readings={n: v for n, v in self.scene.readings.items() if n != name}))

    def _cells(self) -> None:
        """Empty the cells that don't matter."""
        for name in sorted(self.scene.tables):
            columns = self.contrast.plan.tables[name].columns
            for column in [c for c, spec in columns.items() if not spec.required]:
                if any(row[column] is not None for row in self.scene.tables[name]):
                    self._everywhere(name, column)

    def _everywhere(self, name: str, column: str) -> None:
        rows = self.scene.tables[name]
        self._takes(replace(self.scene, tables={**self.scene.tables, name: tuple({**row, column: None} for row in rows)}))
