"""Checks receipts by computing them again, apart from the engines: from the policy's text and the operators' one table of meaning."""

from .checking import check_receipt, check_receipts

__all__ = ["check_receipt", "check_receipts"]
