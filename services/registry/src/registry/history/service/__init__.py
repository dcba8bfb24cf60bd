"""Use cases of records."""

from registry.history.repository import Total, Wanted
from registry.history.service.judging import (
    count_findings,
    hold_judging,
    mark_judged_offices,
    take_changed_offices,
    take_waiting_offices,
)
from registry.history.service.reading import (
    Step,
    count_members,
    count_office_states,
    find_records,
    get_office_names,
    get_office_states,
    get_operating_since,
    get_record,
    get_states_of_offices,
    hold_record,
    list_holders,
    list_office_states,
    list_office_versions,
    list_records,
    list_steps,
    list_versions,
    sum_records,
)
from registry.history.service.rehoming import rehome_records
from registry.history.service.storing import remember_offices, store_record, store_records, tell_divisions

__all__ = [
    "Step",
    "Total",
    "Wanted",
    "count_findings",
    "count_members",
    "count_office_states",
    "find_records",
    "get_office_names",
    "get_office_states",
    "get_operating_since",
    "get_record",
    "get_states_of_offices",
    "hold_judging",
    "hold_record",
    "list_holders",
    "list_office_states",
    "list_office_versions",
    "list_records",
    "list_steps",
    "list_versions",
    "mark_judged_offices",
    "rehome_records",
    "remember_offices",
    "store_record",
    "store_records",
    "sum_records",
    "take_changed_offices",
    "take_waiting_offices",
    "tell_divisions",
]
