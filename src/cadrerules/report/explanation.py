"""stub"""
from typing import Any
class Explainer:
    def __init__(self, plan: Any, evaluation: Any) -> None: ...
    def decision(self, *a: Any) -> str: return ""
    def subject(self, *a: Any) -> str: return ""
