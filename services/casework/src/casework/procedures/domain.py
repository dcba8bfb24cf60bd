"""Which rule texts hold where and when, and which of the six families have none. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from casework.procedures.errors import RuleTextSuperseded, StationIssuesNothing, VersionTooEarly
from common.contracts.casework.catalogue import ProcedureFamily, RuleTextKind, RuleTextState
from common.divisions import LEVELS, Level, ancestors_of, level_of

RULE_TEXT_KIND_LABELS: Mapping[str, str] = {"rule": "规章制度", "process": "工作流程"}
PUBLICATION_KIND_LABELS: Mapping[str, str] = {
    "item_version": "事项定义",
    "item_promise": "承诺办结时限",
    "rule_text": "规章制度和工作流程",
}
PUBLICATION_STATUS_LABELS: Mapping[str, str] = {"published": "已公开", "withdrawn": "已撤回"}


@dataclass(frozen=True, slots=True)
class FamilyState:
    """What one of the six families has at a division.

    Attributes:
        rules: rule texts in force, the nearest first.
        processes: of work, the same.
    """

    family: ProcedureFamily
    label: str
    rules: tuple[RuleTextState, ...]
    processes: tuple[RuleTextState, ...]

    @property
    def is_gap(self) -> bool:
        """No rule text is in force there."""
        return not self.rules


def chain_of(division: str) -> list[str]:
    """The divisions whose rule texts hold at one: its own and all above it, the nearest first.

    Source: O4.1a.
    """
    return [division, *ancestors_of(division)]


def is_in_force(text: RuleTextState, on: date) -> bool:
    """Whether a version holds on a Beijing day; one that was replaced or withdrawn ends on the day of that.

    Source: O4.1a, O4.3e.
    """
    return text.effective_from <= on and (text.effective_to is None or on < text.effective_to)


def in_force(
    texts: Iterable[RuleTextState],
    *,
    on: date,
    family: ProcedureFamily | None = None,
    kind: RuleTextKind | None = None,
) -> list[RuleTextState]:
    """The texts that hold on a day, the nearest division first, then in the order of their making.

    Source: O4.1a, O4.3e.
    """
    held = [
        text for text in texts if is_in_force(text, on) and family in (None, text.family) and kind in (None, text.kind)
    ]
    return sorted(held, key=lambda text: (-LEVELS.index(level_of(text.division)), text.id))


def judge_families(
    texts: Sequence[RuleTextState], families: Iterable[tuple[str, str]], *, on: date
) -> list[FamilyState]:
    """What each of the six families has at a division; the gaps are told, not hidden.

    Source: O4.1a.
    """
    held = in_force(texts, on=on)
    return [
        FamilyState(
            family=family,  # type: ignore[arg-type]
            label=label,
            rules=tuple(text for text in held if (text.family, text.kind) == (family, "rule")),
            processes=tuple(text for text in held if (text.family, text.kind) == (family, "process")),
        )
        for family, label in families
    ]


def require_issuer(division: str) -> None:
    """Offices of towns and those above them issue rule texts, stations do not.

    Source: O4.1a.

    Raises:
        StationIssuesNothing: it is a village.
    """
    if level_of(division) is Level.VILLAGE:
        raise StationIssuesNothing


def require_newest(text: RuleTextState) -> None:
    """Only the newest version of a text is followed by another one or withdrawn.

    Source: O4.1a, O4.3e.

    Raises:
        RuleTextSuperseded: something came after it.
    """
    if text.status == "withdrawn" or text.effective_to is not None:
        raise RuleTextSuperseded(number=text.number)


def require_later(effective_on: date, *, than: RuleTextState) -> None:
    """A version begins after the one that it follows.

    Source: O4.1a.

    Raises:
        VersionTooEarly: it does not.
    """
    if effective_on <= than.effective_from:
        raise VersionTooEarly(follows=than.effective_from.isoformat(), effective_on=effective_on.isoformat())


def end_of_withdrawn(text: RuleTextState, *, today: date) -> date:
    """The day on which a withdrawn text ends: today, or before it began.

    Source: O4.3e.
    """
    return max(today, text.effective_from)
