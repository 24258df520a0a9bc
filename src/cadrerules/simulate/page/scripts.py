"""The scripts of a page, all within it: what draws the charts, what sorts tables, and the charts themselves as data."""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from ...errors import Problem, UsageError

OWN = Path(__file__).parent / "templates" / "simulation.js"
_DRAWER = "window.vegaEmbed = vegaEmbed;"
_ESCAPES = {character: f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


@dataclass(frozen=True, slots=True)
class Scripts:
    """The scripts of a page, and the policy by which a browser runs these alone and fetches nothing."""

    texts: tuple[str, ...]

    @property
    def policy(self) -> str:
        """The content security policy: each script by its digest."""
        allowed = " ".join(f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in self.texts)
        return f"default-src 'none'; style-src 'unsafe-inline'; script-src {allowed}"


def scripts(*, charts: bool) -> Scripts:
    """The page's own script, after the library for charts where there are any."""
    own = OWN.read_text(encoding="utf-8")
    return Scripts((library(), own) if charts else (own,))


@lru_cache(maxsize=1)
def library() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script; `UsageError` without the extra `report`."""
    try:
        import vl_convert
    except ImportError:
        raise UsageError(Problem("CR-EXTRA-MISSING", values={"what": "vl-convert-python", "extra": "report"})) from None
    text = str(vl_convert.javascript_bundle(_DRAWER))
    assert "</script" not in text.lower()
    assert "<!--" not in text
    return text


def embedded(data: Any) -> str:
    """Data as JSON within a script element, which nothing in it can end."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return "".join(_ESCAPES.get(character, character) for character in text)
