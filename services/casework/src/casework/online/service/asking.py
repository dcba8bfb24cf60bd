"""How a case stands, for whoever knows its number and the applicant's: no token, no oracle, not too often."""

from casework.cases.service import CaseView, find_case_by_number
from casework.limits.service import Asker, require_seldom
from casework.online.errors import NoSuchCase
from common.crypto import FieldCipher
from common.db import Connection


async def ask_progress(
    conn: Connection, *, cipher: FieldCipher, case_number: str, identifier: str, asker: Asker
) -> CaseView:
    """The case with this number, if the applicant's number fits.

    Every question is counted before anything is looked up, in the database, so that it counts for all replicas and
    stays counted whatever follows. One that is over the limit learns nothing, not even when it would have been right.

    Source: O4.2b.

    Args:
        conn: every statement for itself, so that the count outlives a refusal.

    Raises:
        AskedTooOften: from this address, or about this number.
        NoSuchCase: the number is none, or the identity another; the same was done for both.
    """
    await require_seldom(conn, cipher=cipher, asker=asker, number=case_number)
    found = await find_case_by_number(conn, cipher, case_number=case_number, identifier=identifier)
    if found is None:
        raise NoSuchCase
    return found
