"""A case and its ratings in the tables of GB/T 39046-2020, and back.

Where the standard is narrower than practice: 实施编码 has 24 characters there and 31 in GB/T 39554.1 (x_impl_code),
the case number of a material row 20 and 50 elsewhere (x_case_no), a district 9 digits and no village (x_division).
Source: standards.md §1, §3, §4.
"""

from collections.abc import Mapping
from typing import Any

from casework.cases.domain import FORM_LABELS, MEDIUM_LABELS
from casework.exchange.domain.codes import (
    ACTIONS,
    CHANNELS_GB,
    CLOSING_LABELS,
    CODE_SETS,
    HANDLING_GB,
    LEVELS,
    RATING_CHANNELS_GB,
    RESIDENT_IDENTITY_CARD,
    SATISFACTION_GB,
    SATISFACTION_LABELS,
    SPECIAL_KINDS,
    STEPS,
    UNIT_LABELS,
)
from casework.exchange.domain.forms import GBT39046, About, Row, Tables, compact, fields_of, rows_of
from casework.exchange.domain.members import CASE_MEMBERS, FILE_LISTS, FILE_MEMBERS, RATING_MEMBERS
from casework.exchange.domain.places import (
    BASIC,
    TABLE_8,
    Flat,
    Place,
    Values,
    coded,
    instant,
    number,
    plain,
    read_members,
    write_members,
)
from common.divisions import CODE_LENGTH, is_code, level_of

IMPLEMENTATION_LENGTH = 31
"""Of an implementation code by GB/T 39554.1; a case number begins with it."""
_REGION_LENGTH = 9
_NUMBER_LENGTH = 50
_DAY_LENGTH = 8
_MOST_PIECES = 99


def _extend(table: str) -> Any:
    return lambda member: f"{table}.{GBT39046.extension(member)}"


def _longest(table: str, field: str) -> int | None:
    return GBT39046.tables[table].field(field).longest


def _told(table: str, **values: Any) -> Flat:
    """Fields that tell the reader more: texts cut where the field ends, a case number whole or not at all."""
    standard = {field.name: field.longest for field in GBT39046.tables[table].fields}
    number = values.get("case_no")
    if number is not None and len(number) > _NUMBER_LENGTH:
        values["case_no"] = None
    cut = {name: text[: standard.get(name)] if isinstance(text, str) else text for name, text in values.items()}
    return compact(table, **cut)


def _region(fields: Values) -> str | None:
    for key in ("acceptance.region_code", "closing.region_code", "evaluations.region_code"):
        code = fields.get(key)
        if isinstance(code, str) and is_code(code.ljust(CODE_LENGTH, "0")):
            return code.ljust(CODE_LENGTH, "0")
    return None


def _level(fields: Values) -> str | None:
    code = fields.get("application.x_division") or fields.get("evaluations.x_division") or _region(fields)
    return level_of(code).value if isinstance(code, str) and is_code(code) else None


def _status(fields: Values) -> str:
    if "closing.closed_at" in fields:
        return "closed"
    return "accepted" if "acceptance.accepted_at" in fields else "registered"


def _promised_day(fields: Values) -> str | None:
    text = fields.get("acceptance.promised_finish")
    if not isinstance(text, str) or len(text) != _DAY_LENGTH or not text.isdigit():
        return None
    return f"{text[:4]}-{text[4:6]}-{text[6:]}"


def _applicant_kind(fields: Values) -> str | None:
    is_person = fields.get("application.applicant_id_type") == RESIDENT_IDENTITY_CARD
    return "natural_person" if is_person else None


def _derived(member: str, read: Any) -> Place:
    return Place(member, lambda _value, _values: {}, read)


_CASE = (
    number("case_number", "application.case_no", _NUMBER_LENGTH),
    coded("handling", "application.case_type_code", HANDLING_GB),
    coded("channel", "application.source_code", CHANNELS_GB),
    instant("registered_at", "application.applied_at", BASIC),
    instant("accepted_at", "acceptance.accepted_at", BASIC),
    instant("closed_at", "closing.closed_at", TABLE_8),
    coded("closing_result", "closing.result_desc", CLOSING_LABELS),
    _derived("due_on", _promised_day),
    _derived("division", _region),
    _derived("level", _level),
    _derived("status", _status),
    _derived("applicant_kind", _applicant_kind),
    _derived("is_itemised", lambda _fields: False),
)
_STEP = (
    coded("step", "steps.step_name", STEPS),
    coded("action", "steps.action", ACTIONS),
    plain("opinion", "steps.step_opinion", _longest("steps", "step_opinion")),
    instant("started_at", "steps.step_started_at", BASIC),
    instant("ended_at", "steps.step_ended_at", BASIC),
)
_SPECIAL = (
    coded("kind", "special_procedures.special_name", SPECIAL_KINDS),
    plain("reason", "special_procedures.special_reason"),
    plain("result", "special_procedures.special_result"),
    instant("started_at", "special_procedures.special_started_at", BASIC),
    instant("ended_at", "special_procedures.special_ended_at", BASIC),
)
_RATING = (
    coded("rating", "evaluations.satisfaction_code", SATISFACTION_GB),
    coded("channel", "evaluations.eval_channel", RATING_CHANNELS_GB),
    instant("rated_at", "evaluations.evaluated_at", BASIC),
    Place("number", lambda value, _: {"evaluations.eval_count": value}, lambda row: row.get("evaluations.eval_count")),
    plain("masked_text", "evaluations.eval_text"),
    _derived("division", _region),
    _derived("level", _level),
)


def write_case(values: Values, file: Mapping[str, Any], about: About) -> Tables:
    """The rows of a case; its applicant and its ratings come beside it.

    Source: O4.2a; GB/T 39046-2020 tables 5 to 8.

    Args:
        values: the case's members in JSON, with those of the file that hold one thing.
        file: the file's lists in JSON.
        about: names and codes that the case does not hold.
    """
    fields = write_members(values, _CASE, view=_case_view(values, file, about), extend=_extend("application"))
    tables: Tables = {table: [row] for table, row in rows_of(fields).items()}
    number = values.get("case_number")
    tables["application_materials"] = _materials(values, file, number)
    tables["steps"] = [
        _row("steps", write_members(step, _STEP, view=_step_view(step, values, about), extend=_extend("steps")))
        for step in file["steps"]
    ]
    tables["special_procedures"] = [
        *(_special(special, number, about) for special in file["specials"]),
        *(_extended(entry, number, about) for entry in file["ledger"] if entry["fact"] == "extended"),
    ]
    for member in FILE_LISTS:
        if member not in GBT39046.own_tables:
            tables[GBT39046.extension(member)] = [dict(row) for row in file[member]]
    return {table: rows for table, rows in tables.items() if rows}


def read_case(tables: Tables) -> tuple[dict[str, Any], dict[str, list[Row]]]:
    """Members of the case and lists of its file, as far as the rows tell them.

    Rows of 延长审批 (A.7, 1) tell the reader what stands in the ledger; nothing is read back from them.

    Source: O4.2a; GB/T 39046-2020 tables 5 to 8.
    """
    single = {name: next(iter(tables.get(name, ())), None) for name in ("application", "acceptance", "closing")}
    members = (*CASE_MEMBERS, *FILE_MEMBERS)
    values = read_members(fields_of(single), members, _CASE, extend=_extend("application"))
    file: dict[str, list[Row]] = {member: list(tables.get(GBT39046.extension(member), ())) for member in FILE_LISTS}
    file["steps"] = [_read("steps", row, "steps", _STEP) for row in tables.get("steps", ())]
    file["specials"] = [
        _read("special_procedures", row, "specials", _SPECIAL)
        for row in tables.get("special_procedures", ())
        if row.get("special_code") != "1"
    ]
    return values, file


def write_rating(rating: Values, case: Values) -> Row:
    """One row of table 9; 1 is best.

    Source: O4.3f; standards.md §7 (A.8).
    """
    view = _told(
        "evaluations",
        case_no=case.get("case_number"),
        satisfaction_name=SATISFACTION_LABELS[rating["rating"]],
        region_code=rating["division"][:_REGION_LENGTH],
    )
    return _row("evaluations", write_members(rating, _RATING, view=view, extend=_extend("evaluations")))


def read_rating(row: Row) -> dict[str, Any]:
    """The members of a rating.

    Source: O4.3f; standards.md §7 (A.8).
    """
    return read_members(fields_of({"evaluations": row}), RATING_MEMBERS, _RATING, extend=_extend("evaluations"))


def write_applicant(name: str, identifier: str, phone: str | None, *, is_person: bool) -> dict[str, Row]:
    """What tables 5 tells of the applicant; an organisation's code has no number in GA/T 2000.156.

    Source: standards.md §2, §4.
    """
    row = {
        "applicant_name": name,
        "applicant_id_type": RESIDENT_IDENTITY_CARD if is_person else None,
        "applicant_id_no": identifier,
        "contact_mobile": phone,
    }
    return {"application": {field: value for field, value in row.items() if value is not None}}


def read_applicant(tables: Tables) -> tuple[str | None, str | None, str | None]:
    """Name, number and phone.

    Source: standards.md §2, §4.
    """
    row = tables["application"][0]
    return row.get("applicant_name"), row.get("applicant_id_no"), row.get("contact_mobile")


def _case_view(values: Values, file: Mapping[str, Any], about: About) -> Flat:
    number, handling = values.get("case_number"), values.get("handling")
    type_name = None if handling is None else CODE_SETS["A.6"][HANDLING_GB.code_of(handling) or "9"]
    told = _told("application", item_name=about.item_name, case_type_name=type_name)
    impl_code = number[:IMPLEMENTATION_LENGTH] if number and len(number) > IMPLEMENTATION_LENGTH else None
    told |= _told("application", x_impl_code=impl_code)
    told |= _item_view(values, about, impl_code)
    region = values["division"][:_REGION_LENGTH]
    if values.get("accepted_at") is not None:
        notice = next((d["number"] for d in file["documents"] if d["kind"] == "acceptance_notice"), None)
        due_on = values.get("due_on")
        told |= _told(
            "acceptance",
            case_no=number,
            item_name=about.item_name,
            x_impl_code=impl_code,
            accept_org_name=about.office_name,
            accept_org_code=about.office_code,
            accept_doc_no=notice if notice and len(notice) <= (_longest("acceptance", "accept_doc_no") or 0) else None,
            promised_finish=None if due_on is None else due_on.replace("-", ""),
            case_type_name=type_name,
            case_type_code=None if handling is None else HANDLING_GB.code_of(handling),
            region_code=region,
        )
    if values.get("closed_at") is not None:
        told |= _told("closing", case_no=number, region_code=region)
    return told


def _item_view(values: Values, about: About, impl_code: str | None) -> Flat:
    """The item on the terms on which this case is handled."""
    terms = values.get("terms")
    if terms is None:
        return {}
    limits: Flat = {}
    for name, limit in (("legal", terms.get("statutory")), ("promised", terms.get("promised"))):
        if limit is not None:
            limits |= {f"{name}_limit": str(limit["value"]), f"{name}_limit_unit": UNIT_LABELS[limit["unit"]]}
    level = LEVELS.code_of(values["level"])
    return _told(
        "item",
        item_name=about.item_name,
        x_impl_code=impl_code,
        level_name=None if level is None else CODE_SETS["A.2"][level],
        level_code=level,
        impl_org_name=about.office_name,
        impl_org_code=about.office_code,
        target_code="1" if values["applicant_kind"] == "natural_person" else None,
        **limits,
    )


def _step_view(step: Values, case: Values, about: About) -> Flat:
    is_here = step["division"] == case["division"]
    return _told(
        "steps",
        case_no=case.get("case_number"),
        step_status="2",
        step_org_name=about.office_name if is_here else None,
        step_org_code=about.office_code if is_here else None,
    )


def _special(special: Values, number: str | None, about: About) -> Row:
    view = _told(
        "special_procedures",
        x_case_no=number,
        special_code="2",
        handle_org_name=about.office_name,
        handle_org_code=about.office_code,
    )
    return _row("special_procedures", write_members(special, _SPECIAL, view=view, extend=_extend("special_procedures")))


def _extended(entry: Values, number: str | None, about: About) -> Row:
    """An approved extension, told among the special procedures as A.7 has it."""
    told = _told(
        "special_procedures",
        x_case_no=number,
        special_code="1",
        special_name=CODE_SETS["A.7"]["1"],
        special_started_at=BASIC.write(entry["at"]),
        special_reason=entry.get("clause"),
        handle_org_name=about.office_name,
        handle_org_code=about.office_code,
    )
    return _row("special_procedures", told)


def _materials(values: Values, file: Mapping[str, Any], number: str | None) -> list[Row]:
    """What was received, how, how many and when; and what the item demands beside it, and whether it is there.

    Where it was not noted with the registration what was received: what may come later or was asked for is not there;
    everything else is once the case is accepted. Before, nobody has said so, and the field stays empty.
    """
    awaited = {tolerated["material"] for tolerated in file["tolerances"] if tolerated.get("supplied_at") is None}
    for supplement in file["supplements"]:
        if supplement.get("supplied_at") is None:
            awaited.update(supplement["materials"])
    received = file["received"]
    is_counted = values.get("is_itemised") and (values.get("terms") or {}).get("demands")
    others = "0" if is_counted else ("1" if values.get("accepted_at") is not None else None)
    rows = [_collected(one, number) for one in received]
    there = {one["material"] for one in received}
    rows += [
        compact("row", material_name=name, is_collected="0" if name in awaited else others, x_case_no=number)
        for name in (values.get("terms") or {}).get("required_materials", ())
        if name not in there
    ]
    longest = _longest("application_materials", "material_name")
    return [{**rows_of(row)["row"], "material_name": row["row.material_name"][:longest]} for row in rows]


def _collected(received: Mapping[str, Any], number: str | None) -> Flat:
    """One row of 收取材料; a number of pieces that its two digits cannot tell is left out."""
    way = MEDIUM_LABELS[received["medium"]]
    if received.get("form") is not None:
        way += FORM_LABELS[received["form"]]
    count = received["count"]
    return compact(
        "row",
        material_name=received["material"],
        is_collected="1",
        collect_way=way,
        collect_count=str(count) if count <= _MOST_PIECES else None,
        collected_at=BASIC.write(received["received_at"]),
        x_case_no=number,
    )


def _row(table: str, fields: Flat) -> Row:
    return rows_of(fields)[table]


def _read(table: str, row: Row, member: str, places: tuple[Place, ...]) -> dict[str, Any]:
    members = FILE_LISTS[member].model_fields
    return read_members(fields_of({table: row}), members, places, extend=_extend(table))
