"""Use cases of first contacts."""

from casework.contacts.service.acting import (
    ContactCase,
    SeenContact,
    accept_contact,
    decline_contact,
    link_contact_cases,
    offer_contact,
    refer_contact,
    register_contact_case,
    return_materials,
    settle_contact,
    withdraw_offer,
)
from casework.contacts.service.reading import (
    MaskedAsker,
    Receipt,
    View,
    disclose_asker,
    get_contact,
    get_receipt,
    list_contacts,
    mask_asker,
)
from casework.contacts.service.registering import NewContact, draw_number, register_contact

__all__ = [
    "ContactCase",
    "MaskedAsker",
    "NewContact",
    "Receipt",
    "SeenContact",
    "View",
    "accept_contact",
    "decline_contact",
    "disclose_asker",
    "draw_number",
    "get_contact",
    "get_receipt",
    "link_contact_cases",
    "list_contacts",
    "mask_asker",
    "offer_contact",
    "refer_contact",
    "register_contact",
    "register_contact_case",
    "return_materials",
    "settle_contact",
    "withdraw_offer",
]
