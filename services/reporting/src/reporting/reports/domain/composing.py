"""What a report's lines come to: the own part, what the approved reports below say, and the two together. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from common.contracts.reporting.reports import Base, ComputedValue, LineValue, TemplateLine


@dataclass(frozen=True, slots=True)
class Part:
    """One line of an approved report below: what it comes to, and how many gave a value."""

    total: Decimal | None
    answered: int


@dataclass(frozen=True, slots=True)
class Below:
    """A report directly below that is approved, at that edition.

    Attributes:
        version: of the record, when that edition was approved.
        parts: by line.
    """

    division: str
    edition: int
    version: int
    parts: Mapping[str, Part]


@dataclass(frozen=True, slots=True)
class Composition:
    """Lines with the versions that they stand on."""

    lines: tuple[LineValue, ...]
    bases: tuple[Base, ...]
    missing: tuple[str, ...]


def compose(
    template: Sequence[TemplateLine], lines: Sequence[LineValue], below: Sequence[Below], missing: Sequence[str]
) -> Composition:
    """Adds up what lies below, line by line; who is missing is named and adds nothing.

    Source: O6.3a, O4.2a.
    """
    known = {line.code: line for line in lines}
    sums = {line.code: _below(line, below) for line in template}
    summed = tuple(
        known.get(line.code, LineValue(code=line.code)).model_copy(
            update={"below": sums[line.code][0], "answered": sums[line.code][1]}
        )
        for line in template
    )
    bases = sorted(below, key=lambda one: one.division)
    return Composition(
        lines=_totalled(template, summed, {code: answered for code, (_, answered) in sums.items()}),
        bases=tuple(Base(division=one.division, edition=one.edition, version=one.version) for one in bases),
        missing=tuple(sorted(missing)),
    )


def total_lines(template: Sequence[TemplateLine], lines: Sequence[LineValue]) -> tuple[LineValue, ...]:
    """Own part and what lies below together, after the own part has changed.

    Source: O6.3a.
    """
    by_code = {line.code: line for line in lines}
    ordered = [by_code[line.code] for line in template]
    below = {line.code: line.answered - _has_own(line) for line in ordered}
    return _totalled(template, ordered, below)


def with_computed(
    template: Sequence[TemplateLine],
    lines: Sequence[LineValue],
    computed: Mapping[str, ComputedValue],
    *,
    prefill: bool,
) -> tuple[LineValue, ...]:
    """The computed values beside the declared ones; with `prefill`, also as the first declaration where it fits.

    Source: O6.3a.
    """
    by_code = {line.code: line for line in template}
    return tuple(_beside(by_code[line.code], line, computed.get(line.code), prefill=prefill) for line in lines)


def quotient(numerator: Decimal | None, denominator: Decimal | None, decimals: int) -> Decimal | None:
    """A ratio rounded half up; None where it has no value.

    Source: O6.3a.
    """
    if numerator is None or not denominator:
        return None
    return (numerator / denominator).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def fits_decimals(value: Decimal, decimals: int) -> bool:
    """Whether a number has no more places after the point than that.

    Source: O6.3a.
    """
    return value == value.quantize(Decimal(1).scaleb(-decimals))


def _below(line: TemplateLine, below: Sequence[Below]) -> tuple[Decimal | None, int]:
    if line.rule not in {"sum", "count"}:
        return None, 0
    parts = [one.parts[line.code] for one in below if line.code in one.parts]
    values = [part.total for part in parts if part.total is not None]
    return (sum(values, Decimal(0)) if values else None), sum(part.answered for part in parts)


def _has_own(line: LineValue) -> bool:
    return line.own is not None or line.flag is not None or line.text is not None


def _totalled(
    template: Sequence[TemplateLine], lines: Sequence[LineValue], below: Mapping[str, int]
) -> tuple[LineValue, ...]:
    totals = {line.code: _total(line, value) for line, value in zip(template, lines, strict=True)}
    for line in template:
        if line.rule == "ratio":
            totals[line.code] = quotient(totals[line.numerator or ""], totals[line.denominator or ""], line.decimals)
    return tuple(
        line.model_copy(update={"total": totals[line.code], "answered": below[line.code] + _has_own(line)})
        for line in lines
    )


def _total(line: TemplateLine, value: LineValue) -> Decimal | None:
    own = value.own
    if line.kind == "yes_no":
        own = None if value.flag is None else Decimal(int(value.flag))
    if own is None and value.below is None:
        return None
    return (own or Decimal(0)) + (value.below or Decimal(0))


def _beside(line: TemplateLine, value: LineValue, computed: ComputedValue | None, *, prefill: bool) -> LineValue:
    changes: dict[str, object] = {"computed": computed}
    number = computed.value if computed is not None else None
    if prefill and number is not None and not _has_own(value) and line.rule != "ratio":
        if line.kind == "yes_no" and number in (0, 1):
            changes["flag"] = bool(number)
        elif line.kind in {"int", "decimal"} and number >= 0 and fits_decimals(number, line.decimals):
            changes["own"] = number
    return value.model_copy(update=changes)
