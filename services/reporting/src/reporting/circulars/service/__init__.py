"""Use cases of circulars. Source: S5, O6.3b."""

from reporting.circulars.service.correcting import (
    Reasons,
    Verification,
    correct_circular,
    preview_circular,
    refresh_correction,
    verify_circular,
)
from reporting.circulars.service.deciding import publish_circular, return_circular, sign_circular, withdraw_circular
from reporting.circulars.service.drafting import (
    Content,
    draft_circular,
    edit_circular,
    freeze_circular,
    submit_circular,
)
from reporting.circulars.service.freezing import Taken
from reporting.circulars.service.marks import enter_mark, list_marks, release_mark
from reporting.circulars.service.reading import (
    Seen,
    get_circular,
    get_public_circular,
    list_circulars,
    list_links,
    list_public_circulars,
    read_document,
    read_tables,
)
from reporting.circulars.service.taking import take_figures

__all__ = [
    "Content",
    "Reasons",
    "Seen",
    "Taken",
    "Verification",
    "correct_circular",
    "draft_circular",
    "edit_circular",
    "enter_mark",
    "freeze_circular",
    "get_circular",
    "get_public_circular",
    "list_circulars",
    "list_links",
    "list_marks",
    "list_public_circulars",
    "preview_circular",
    "publish_circular",
    "read_document",
    "read_tables",
    "refresh_correction",
    "release_mark",
    "return_circular",
    "sign_circular",
    "submit_circular",
    "take_figures",
    "verify_circular",
    "withdraw_circular",
]
