"""Registering a first contact, and the numbers of receipts."""

from dataclasses import dataclass, field
from datetime import date

from casework.calendar.service import calendar_at
from casework.cases.service.roles import HANDLERS, actor_of
from casework.contacts.domain import ANSWER_LIMIT, Asker, make_asker, require_promise
from casework.contacts.repository import look_up, next_serial
from common.auth import require_role
from common.clock import beijing_day, now
from common.contracts.casework.contacts import ContactChannel, ContactHolder, ContactMaterial, FirstContactState
from common.crypto import FieldCipher
from common.db import Connection
from common.directory import operating_office_of
from common.ids import uuid7
from common.policy import parameter
from common.records.service import seal, store_record
from common.uow import UnitOfWork

PREFIX = "SW"
"""Before the number on the receipt: 首问."""


@dataclass(frozen=True, slots=True)
class NewContact:
    """A first contact as it is typed."""

    channel: ContactChannel
    matter: str
    is_ours: bool
    is_signed: bool
    materials: tuple[ContactMaterial, ...]
    asker_name: str = field(repr=False)
    asker_phone: str | None = field(repr=False)
    asker_id_number: str | None = field(repr=False)
    promised_working_days: int | None = None


async def register_contact(uow: UnitOfWork, *, cipher: FieldCipher, new: NewContact) -> FirstContactState:
    """Registers what somebody asked of the actor, also when it is no matter of the office; nobody may refuse to.

    Source: O4.3b; standards.md §6.

    Raises:
        RoleRequired: the actor serves nobody.
        DivisionUnknown, DivisionRetired, OfficeUnknown, OfficeNotOperating: the actor's office does not serve.
        AskerNameInvalid, AskerPhoneInvalid, IdNumberInvalid, PromiseTooLong: told wrongly.

    Events: casework.first-contact.changed.v1.
    """
    actor, at = actor_of(uow), now()
    require_role(actor, *HANDLERS)
    on = beijing_day(at)
    asker = make_asker(name=new.asker_name, phone=new.asker_phone, id_number=new.asker_id_number, on=on)
    days = require_promise(new.promised_working_days, rule=parameter(ANSWER_LIMIT, on=on).number)
    row = await look_up(uow.conn, division=actor.division, on=on)
    office, calendar = operating_office_of(row), await calendar_at(uow.conn, row["calendar_version"])
    promised_on = calendar.add_working_days(on, days)
    holder = ContactHolder(account=actor.subject, division=actor.division, office_id=office.id, since=at)
    state = FirstContactState(
        id=uuid7(),
        version=1,
        division=actor.division,
        level=office.level,
        office_id=office.id,
        changed_at=at,
        number=await draw_number(uow.conn, PREFIX, actor.division, on=on),
        status="open",
        channel=new.channel,
        matter=new.matter,
        is_ours=new.is_ours,
        materials=new.materials,
        registered_at=at,
        first_asked=actor.subject,
        is_signed=new.is_signed,
        holder=actor.subject,
        holder_division=actor.division,
        holders=(holder,),
        office_name=office.name,
        office_phone=office.phone,
        complaint_phone=office.complaint_phone,
        promised_working_days=days,
        promised_on=promised_on,
        is_promise_provisional=calendar.is_provisional(promised_on),
        due_on=promised_on,
    )
    sealed = seal(cipher, state.id, {**_fields(asker), "first_asked_name": actor.name})
    return await store_record(uow, state, previous=None, action="casework.contact.register", sealed=sealed)


async def draw_number(conn: Connection, prefix: str, division: str, *, on: date) -> str:
    """The number on a receipt: prefix, division, day, serial of the office on that day.

    Locks: the office's serial, until the transaction ends.
    """
    return f"{prefix}{division}{on:%Y%m%d}{await next_serial(conn, prefix, division, on):04}"


def _fields(asker: Asker) -> dict[str, str | None]:
    return {"name": asker.name, "phone": asker.phone, "id_number": asker.id_number}
