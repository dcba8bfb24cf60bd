"""A case and its ratings in Guangdong's exchange tables and the evaluation interface, and back.

A status code whose labels nobody has found (SPHJZTDM) is not sent. The receiver sets REC_FLAG, so it is not sent
either. Source: standards.md §5, §7.
"""

from collections.abc import Mapping
from typing import Any

from casework.exchange.domain.codes import (
    APPLICANT_KINDS,
    APPROVAL_STEPS,
    CHANNELS_ONLINE,
    CLOSING_RESULTS,
    CODE_SETS,
    HANDLING_RATED,
    LIMIT_UNITS,
    RATING_CHANNELS_INTERFACE,
    SATISFACTION_INTERFACE,
    SPECIAL_KINDS,
    STEPS,
)
from casework.exchange.domain.ex_gdbs_rows import RowPlaces, split_pair
from casework.exchange.domain.forms import EX_GDBS, About, Row, Tables, compact, fields_of, rows_of
from casework.exchange.domain.members import CASE_MEMBERS, FILE_LISTS, FILE_MEMBERS, RATING_MEMBERS
from casework.exchange.domain.places import (
    SPACED,
    Flat,
    Place,
    Values,
    coded,
    instant,
    join_lines,
    plain,
    read_members,
    split_lines,
    write_members,
)
from common.divisions import is_code, level_of

IMPLEMENTATION_LENGTH = 31
ORGANISATION_DOCUMENT = "50"
"""The only document type seen in use; sent for organisations."""
_BUSINESS = "9"
"""First character of a unified social credit code that the market authority has given."""
_SINGLE = ("SB", "SL", "BJ", "LQDJ")
_ONLINE = ("computer", "mobile")


def _extend(table: str) -> Any:
    return lambda member: f"{table}.{EX_GDBS.extension(member)}"


def _write_channel(value: str, _values: Values) -> Flat:
    if value in {"window", "courier"}:
        return {"SB.TJFS": "0", "SB.OBTAIN_DELIVER_WAY": "1" if value == "courier" else "0"}
    return {"SB.TJFS": "1", "SB.WSSBQD": CHANNELS_ONLINE.code_of(value)}


def _read_channel(fields: Values) -> str | None:
    if fields.get("SB.TJFS") == "1":
        return CHANNELS_ONLINE.name_of(fields.get("SB.WSSBQD"))
    if fields.get("SB.TJFS") == "0":
        return "courier" if fields.get("SB.OBTAIN_DELIVER_WAY") == "1" else "window"
    return None


def _judged(member: str, code: str, understood: frozenset[str]) -> Place:
    """受理 and 不予受理 share a row; its status code tells which instant its time is."""
    return Place(
        member,
        lambda value, _: {"SL.SLZTDM": code, "SL.SLSJ": SPACED.write(value)},
        lambda fields: SPACED.read(fields.get("SL.SLSJ")) if fields.get("SL.SLZTDM") in understood else None,
    )


def _write_reason(value: str, values: Values) -> Flat:
    return {"SL.BSLYY" if values["status"] == "refused" else "BJ.ZFHTHYY": value}


def _status(fields: Values) -> str:
    if "BJ.BJSJ" in fields:
        return "closed"
    code = fields.get("SL.SLZTDM")
    return {"1": "accepted", "2": "refused", "3": "supplementing", "4": "refused"}.get(str(code), "registered")


def _level(key: str) -> Place:
    def read(fields: Values) -> str | None:
        code = fields.get(key)
        return level_of(code).value if isinstance(code, str) and is_code(code) else None

    return Place("level", lambda _value, _values: {}, read)


_CASE = (
    plain("case_number", "SB.SBLSH"),
    plain("division", "SB.XZQHDM"),
    _level("SB.XZQHDM"),
    plain("item_code", "SB.SXBM_SHORT"),
    coded("applicant_kind", "SB.SQRLX", APPLICANT_KINDS),
    instant("registered_at", "SB.SBSJ", SPACED),
    Place("channel", _write_channel, _read_channel),
    _judged("accepted_at", "1", frozenset({"1"})),
    _judged("refused_at", "2", frozenset({"2", "4"})),
    instant("closed_at", "BJ.BJSJ", SPACED),
    coded("closing_result", "BJ.BJJGDM", CLOSING_RESULTS),
    Place("reason", _write_reason, lambda fields: fields.get("SL.BSLYY") or fields.get("BJ.ZFHTHYY")),
    instant("collected_at", "LQDJ.LQSJ", SPACED),
    Place("status", lambda _value, _values: {}, _status),
    Place("is_itemised", lambda _value, _values: {}, lambda _fields: False),
)
_STEP = (
    coded("step", "SPCL.SPHJDM", APPROVAL_STEPS),
    plain("opinion", "SPCL.SPYJ"),
    instant("ended_at", "SPCL.SPSJ", SPACED),
)
_SUPPLEMENT = (
    instant("asked_at", "BJGZ.BJGZSJ", SPACED),
    Place(
        "materials",
        lambda value, _: {"BJGZ.BJCLQD": join_lines(value)},
        lambda fields: None if (text := fields.get("BJGZ.BJCLQD")) is None else split_lines(text),
    ),
    instant("supplied_at", "BJSL.BJSJ", SPACED),
)


def _write_expected(value: Values, _values: Values) -> Flat:
    return {"TBCXSQ.TBCXSX": value["value"], "TBCXSQ.TBCXSXDW": LIMIT_UNITS.code_of(value["unit"])}


def _read_expected(fields: Values) -> dict[str, Any] | None:
    value, unit = fields.get("TBCXSQ.TBCXSX"), LIMIT_UNITS.name_of(fields.get("TBCXSQ.TBCXSXDW"))
    return None if value is None or unit is None else {"value": value, "unit": unit, "clause": None}


_SPECIAL = (
    coded("kind", "TBCXSQ.TBCXZLMC", SPECIAL_KINDS),
    instant("started_at", "TBCXSQ.TBCXKSRQ", SPACED),
    plain("reason", "TBCXSQ.TBCXQDLY"),
    Place("expected", _write_expected, _read_expected),
    plain("result", "TBCXJG.TBCXJG"),
    instant("ended_at", "TBCXJG.TBCXJSRQ", SPACED),
)
_RATING = (
    coded("rating", "HCP.satisfaction", SATISFACTION_INTERFACE),
    coded("channel", "HCP.pf", RATING_CHANNELS_INTERFACE),
    instant("rated_at", "HCP.assessTime", SPACED),
    Place(
        "number",
        lambda value, _: {"HCP.assessNumber": str(value)},
        lambda fields: int(text) if (text := fields.get("HCP.assessNumber")) else None,
    ),
    Place(
        "aspects",
        lambda value, _: {"HCP.evalDetail": ",".join(value)},
        lambda fields: text.split(",") if (text := fields.get("HCP.evalDetail")) else [],
    ),
    plain("masked_text", "HCP.writingEvaluation"),
    plain("division", "HCP.areaCode"),
    _level("HCP.areaCode"),
)
_SUPPLEMENTS = RowPlaces("supplements", "BJGZ", "BJSL", _SUPPLEMENT)
_SPECIALS = RowPlaces("specials", "TBCXSQ", "TBCXJG", _SPECIAL)

_FORMS: Mapping[str, str] = {"original": "0", "copy": "1"}
"""材料类型 (CLLX) of what came on paper."""


def write_case(values: Values, file: Mapping[str, Any], about: About) -> Tables:
    """The rows of a case; its applicant and its ratings come beside it.

    Source: O4.2a; standards.md §5.

    Args:
        values: the case's members in JSON, with those of the file that hold one thing.
        file: the file's lists in JSON.
        about: names and codes that the case does not hold.
    """
    common = _common(values)
    fields = write_members(values, _CASE, view=_case_view(values, file, about), extend=_extend("SB"))
    tables: Tables = {table: [common | row] for table, row in rows_of(fields).items()}
    tables["SB"][0]["VERSION"] = about.sending
    for number, step in enumerate(file["steps"], 1):
        if APPROVAL_STEPS.code_of(step["step"]) is None:
            tables.setdefault("X_STEPS", []).append({"SPBZH": number, **step})
        else:
            tables.setdefault("SPCL", []).append(common | _step(step, number, values, about))
    for number, supplement in enumerate(file["supplements"], 1):
        split_pair(tables, _SUPPLEMENTS.write(supplement, number, {}), common)
    for number, special in enumerate(file["specials"], 1):
        split_pair(tables, _SPECIALS.write(special, number, {"TBCXSQ.TBCXZL": "B"}), common)
    extensions = (entry for entry in file["ledger"] if entry["fact"] == "extended")
    for number, entry in enumerate(extensions, len(file["specials"]) + 1):
        tables.setdefault("TBCXSQ", []).append(common | _extended(entry, number))
    tables["SBCL"] = [common | row for row in _materials(values, file)]
    for member in FILE_LISTS:
        if member not in EX_GDBS.own_tables and member != "steps":
            tables[EX_GDBS.extension(member)] = [dict(row) for row in file[member]]
    return {table: rows for table, rows in tables.items() if rows}


def read_case(tables: Tables) -> tuple[dict[str, Any], dict[str, list[Row]]]:
    """Members of the case and lists of its file, as far as the rows tell them.

    Rows of 延长审批 (A), of SBCL and of WSYSL tell the reader what stands elsewhere; nothing is read back from them.

    Source: O4.2a; standards.md §5.
    """
    single = {name: next(iter(tables.get(name, ())), None) for name in _SINGLE}
    values = read_members(fields_of(single), (*CASE_MEMBERS, *FILE_MEMBERS), _CASE, extend=_extend("SB"))
    file: dict[str, list[Row]] = {
        member: list(tables.get(EX_GDBS.extension(member), ())) for member in FILE_LISTS if member != "steps"
    }
    steps = [(row.get("SPBZH", 0), _read_step(row)) for row in tables.get("SPCL", ())]
    steps += [
        (row.get("SPBZH", 0), {name: value for name, value in row.items() if name != "SPBZH"})
        for row in tables.get("X_STEPS", ())
    ]
    file["steps"] = [step for _, step in sorted(steps, key=lambda numbered: numbered[0])]
    file["supplements"] = _SUPPLEMENTS.read_all(tables, tables.get("BJGZ", ()))
    specials = [row for row in tables.get("TBCXSQ", ()) if row.get("TBCXZL") != "A"]
    file["specials"] = _SPECIALS.read_all(tables, specials)
    return values, file


def write_rating(rating: Values, case: Values) -> Row:
    """One row of the evaluation interface; 5 is best.

    Source: O4.3f; standards.md §7.
    """
    number, handling = case.get("case_number"), case.get("handling")
    view = compact(
        "HCP",
        projectNo=number,
        taskCode=number[:IMPLEMENTATION_LENGTH] if number and len(number) > IMPLEMENTATION_LENGTH else None,
        promiseTime=None if handling is None else HANDLING_RATED.code_of(handling),
        userProp="1" if case["applicant_kind"] == "natural_person" else "2",
    )
    return rows_of(write_members(rating, _RATING, view=view, extend=_extend("HCP")))["HCP"]


def read_rating(row: Row) -> dict[str, Any]:
    """The members of a rating.

    Source: O4.3f; standards.md §7.
    """
    return read_members(fields_of({"HCP": row}), RATING_MEMBERS, _RATING, extend=_extend("HCP"))


def write_applicant(name: str, identifier: str, phone: str | None, *, is_person: bool) -> dict[str, Row]:
    """What SB tells of the applicant.

    Source: standards.md §2, §5.
    """
    kind = "1" if is_person else "2" if identifier.startswith(_BUSINESS) else "3"
    row = {
        "SQRLX": kind,
        "SQRMC": name,
        "SQRZJLX": None if is_person else ORGANISATION_DOCUMENT,
        "SQRZJHM": identifier,
        "LXRSJ": phone,
    }
    return {"SB": {field: value for field, value in row.items() if value is not None}}


def read_applicant(tables: Tables) -> tuple[str | None, str | None, str | None]:
    """Name, number and phone.

    Source: standards.md §2, §5.
    """
    row = tables["SB"][0]
    return row.get("SQRMC"), row.get("SQRZJHM"), row.get("LXRSJ")


def _common(values: Values) -> Row:
    row = {"SBLSH": values.get("case_number"), "XZQHDM": values["division"]}
    return {field: value for field, value in row.items() if value is not None}


def _case_view(values: Values, file: Mapping[str, Any], about: About) -> Flat:
    number = values.get("case_number")
    numbers = {document["kind"]: document["number"] for document in file["documents"]}
    offer = values.get("offer") or {}
    told = compact(
        "SB",
        SXBM=number[:IMPLEMENTATION_LENGTH] if number and len(number) > IMPLEMENTATION_LENGTH else None,
        SXMC=about.item_name,
        SBHZH=numbers.get("receipt"),
        F_XZQHDM=offer.get("division") if offer.get("purpose") == "referral" else None,
    )
    return told | _acceptance_view(values, numbers, about) | _closing_view(values, about) | _online_view(values)


def _acceptance_view(values: Values, numbers: Mapping[str, str], about: About) -> Flat:
    if values.get("accepted_at") is None and values.get("refused_at") is None:
        return {}
    statutory = (values.get("terms") or {}).get("statutory") or {}
    unit = statutory.get("unit")
    return compact(
        "SL",
        SLBMMC=about.office_name,
        SLBMZZJGDM=about.office_code,
        SLHZH=numbers.get("acceptance_notice"),
        GXDXZQHDM=values["division"],
        GDBLSX=statutory.get("value"),
        GDBLSXDW=None if unit is None else LIMIT_UNITS.code_of(unit),
    )


def _closing_view(values: Values, about: About) -> Flat:
    """办结; a withdrawn case has no code of its own and goes as 作废办结, its status beside it."""
    office = compact("BJ", BJBMMC=about.office_name, BJBMZZJGDM=about.office_code)
    if values["status"] == "withdrawn" and values.get("withdrawn_at") is not None:
        code = CLOSING_RESULTS.code_of("voided")
        return office | compact("BJ", BJJGDM=code, BJJGMS="申请人撤回", BJSJ=SPACED.write(values["withdrawn_at"]))
    result = values.get("closing_result")
    if result is None:
        return {}
    return office | compact("BJ", BJJGMS=CODE_SETS["BJJGDM"][CLOSING_RESULTS.code_of(result) or "6"])


def _online_view(values: Values) -> Flat:
    """What became of an application that came online, for the table of online pre-acceptance."""
    if values.get("channel") not in _ONLINE:
        return {}
    is_refused, is_waiting = values["status"] == "refused", values["status"] == "supplementing"
    at = values.get("refused_at") if is_refused else values.get("accepted_at") or values["registered_at"]
    if not (is_refused or is_waiting or values.get("accepted_at")):
        return {}
    return compact(
        "WSYSL",
        YSLZTDM="2" if is_refused else "3" if is_waiting else "1",
        YSLSJ=None if at is None else SPACED.write(at),
        BSLYY=values.get("reason") if is_refused else None,
    )


def _materials(values: Values, file: Mapping[str, Any]) -> list[Row]:
    """What was received, with its number; where nobody noted it with the registration, also what the item demands."""
    received = file["received"]
    noted = {one["material"] for one in received}
    demanded = [] if values.get("is_itemised") else (values.get("terms") or {}).get("required_materials", ())
    return [{"CLMC": name} for name in demanded if name not in noted] + [
        {
            "CLMC": one["material"],
            "CLSL": str(one["count"]),
            "WJLX": "1" if one["medium"] == "upload" else "0",
            **_form(one),
        }
        for one in received
    ]


def _form(received: Mapping[str, Any]) -> Row:
    if received["medium"] == "upload":
        return {"CLLX": "2"}
    return {"CLLX": _FORMS[received["form"]]} if received.get("form") in _FORMS else {}


def _step(step: Values, number: int, case: Values, about: About) -> Row:
    view = compact(
        "SPCL",
        SPBZH=number,
        SPHJMC=STEPS.code_of(step["step"]),
        SPBMMC=about.office_name if step["division"] == case["division"] else None,
    )
    return rows_of(write_members(step, _STEP, view=view, extend=_extend("SPCL")))["SPCL"]


def _read_step(row: Row) -> dict[str, Any]:
    members = FILE_LISTS["steps"].model_fields
    return read_members(fields_of({"SPCL": row}), members, _STEP, extend=_extend("SPCL"))


def _extended(entry: Values, number: int) -> Row:
    limit = entry.get("extension") or {}
    row = {
        "XH": str(number),
        "TBCXZL": "A",
        "TBCXZLMC": CODE_SETS["TBCXZL"]["A"],
        "TBCXKSRQ": SPACED.write(entry["at"]),
        "TBCXQDLY": entry.get("clause"),
        "TBCXSX": limit.get("value"),
        "TBCXSXDW": LIMIT_UNITS.code_of(limit["unit"]) if limit else None,
    }
    return {field: value for field, value in row.items() if value is not None}
