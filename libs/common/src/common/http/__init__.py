"""Charter: the HTTP side that all services share: one frame, one error form, who acts, pages, versions, idempotency.

Only endpoints, schemas, deps and app of a service import this. Source: ADR 0005, ADR 0007.
"""

from common.http.answers import answer
from common.http.app import create_service_app
from common.http.conditional import IfMatch, etag_of, require_if_match, require_version
from common.http.days import AsOf, IsoDay
from common.http.ddl import IDEMPOTENCY_DDL, create_idempotency_table_sql
from common.http.errors import (
    CursorInvalid,
    IdempotencyKeyReused,
    IfMatchInvalid,
    IfMatchRequired,
    IfMatchStale,
    ServiceBusy,
)
from common.http.health import create_probe_app
from common.http.idempotency import (
    Idempotency,
    IdempotentRequest,
    RequestUnderKey,
    UnderKey,
    claim_sql,
    purge_idempotency_keys,
    run_idempotent,
)
from common.http.identity import CurrentActor, Me
from common.http.messages import FieldRule
from common.http.models import (
    IMPERSONAL,
    AnswerModel,
    BeijingTime,
    DivisionCode,
    Int32,
    Int64,
    Labelled,
    Page,
    StrictModel,
    impersonal,
)
from common.http.paging import PageRequest, Paging, decode_cursor, encode_cursor
from common.http.parts import Check, Parts, attach, parts_of
from common.http.problems import PROBLEM_JSON, ProblemResponse
from common.http.public import NOT_MODIFIED, IfNoneMatch, public_answer
from common.http.server import ServerDidNotStart, serve
from common.http.unit import OpenUow, ReadConnection, ReadDatabase, ReadSession, Snapshot, StillUow, Uow

__all__ = [
    "IDEMPOTENCY_DDL",
    "IMPERSONAL",
    "NOT_MODIFIED",
    "PROBLEM_JSON",
    "AnswerModel",
    "AsOf",
    "BeijingTime",
    "Check",
    "CurrentActor",
    "CursorInvalid",
    "DivisionCode",
    "FieldRule",
    "Idempotency",
    "IdempotencyKeyReused",
    "IdempotentRequest",
    "IfMatch",
    "IfMatchInvalid",
    "IfMatchRequired",
    "IfMatchStale",
    "IfNoneMatch",
    "Int32",
    "Int64",
    "IsoDay",
    "Labelled",
    "Me",
    "OpenUow",
    "Page",
    "PageRequest",
    "Paging",
    "Parts",
    "ProblemResponse",
    "ReadConnection",
    "ReadDatabase",
    "ReadSession",
    "RequestUnderKey",
    "ServerDidNotStart",
    "ServiceBusy",
    "Snapshot",
    "StillUow",
    "StrictModel",
    "UnderKey",
    "Uow",
    "answer",
    "attach",
    "claim_sql",
    "create_idempotency_table_sql",
    "create_probe_app",
    "create_service_app",
    "decode_cursor",
    "encode_cursor",
    "etag_of",
    "impersonal",
    "parts_of",
    "public_answer",
    "purge_idempotency_keys",
    "require_if_match",
    "require_version",
    "run_idempotent",
    "serve",
]
