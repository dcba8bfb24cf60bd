"""How personal data looks in answers. Masked is the default; the full value is an audited act of its own.

One rule, applied everywhere: what a clerk needs to tell two people apart, never the birth date. Source: ADR 0005.
"""

ID_NUMBER_LENGTH = 18
MOBILE_LENGTH = 11
_SHORTEST_PHONE = 7


def mask_id_number(number: str) -> str:
    """First three and last four characters of an 18-digit number; nothing of anything else.

    Digits 7 to 14 are the birth date; together with digits 4 to 6 (city and county) they are always hidden.

    Source: ADR 0005.
    """
    text = number.strip()
    if len(text) != ID_NUMBER_LENGTH:
        return "*" * 8
    return f"{text[:3]}{'*' * 11}{text[-4:]}"


def mask_name(name: str) -> str:
    """The first character and one or two stars, so that the length says little.

    Source: ADR 0005.
    """
    text = name.strip()
    if len(text) <= 1:
        return "*"
    return text[0] + "*" * min(len(text) - 1, 2)


def mask_phone(phone: str) -> str:
    """A mobile number's first three and last four digits; of other numbers the last two.

    Source: ADR 0005.
    """
    digits = "".join(character for character in phone if character.isdigit())
    if len(digits) == MOBILE_LENGTH and digits.startswith("1"):
        return f"{digits[:3]}****{digits[-4:]}"
    return "****" + (digits[-2:] if len(digits) >= _SHORTEST_PHONE else "")
