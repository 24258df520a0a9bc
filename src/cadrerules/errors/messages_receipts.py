"""Error texts about receipts."""

from __future__ import annotations

from collections.abc import Mapping

from .message import Message

_CHANGED_EN = "the receipt has been changed since it was made; ask whoever made it for theirs"
_CHANGED_ZH = "该凭证生成后被改动过；请向出具方索取原件"

RECEIPTS: Mapping[str, Message] = {
    "CR-RECEIPT-FORM": Message(
        "this is no receipt: {reason}",
        "这不是凭证：{reason}",
        "each line of a file of receipts is one receipt, as `cadrerules evaluate --receipts` writes them",
        "凭证文件每行一份凭证，由 `cadrerules evaluate --receipts` 写出",
    ),
    "CR-RECEIPT-HASH": Message(
        "the receipt doesn't say what its hash says",
        "凭证内容与其哈希值不符",
        _CHANGED_EN,
        _CHANGED_ZH,
    ),
    "CR-RECEIPT-CHAIN": Message(
        "the receipt doesn't follow the one before it",
        "该凭证与前一份凭证不相接",
        "a receipt is missing, was put in or stands elsewhere than it was written",
        "有凭证缺失、被插入，或不在原来的位置",
    ),
    "CR-RECEIPT-VALUE": Message(
        "the receipt says {found}; from its facts and policies follows {expected}",
        "凭证写的是 {found}；由其事实和政策得出 {expected}",
        _CHANGED_EN,
        _CHANGED_ZH,
    ),
    "CR-RECEIPT-TEXT": Message(
        "the policies in the receipt don't check: {reason}",
        "凭证中的政策未通过检查：{reason}",
        _CHANGED_EN,
        _CHANGED_ZH,
    ),
    "CR-RECEIPT-BROKEN": Message(
        "from here on the receipt can't be computed again: {reason}",
        "凭证自此处起无法重新计算：{reason}",
        _CHANGED_EN,
        _CHANGED_ZH,
    ),
    "CR-RECEIPT-POLICIES": Message(
        "the receipt's policies say {found}; those given say {expected}",
        "凭证中的政策写的是 {found}；所给政策为 {expected}",
        "give the version of the policies that decided, with the same `--set` and `--interpret`",
        "请给出作出结论时的政策版本，并使用同样的 `--set` 和 `--interpret`",
    ),
}
