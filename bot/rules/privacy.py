"""Masking of personal data in logs, errors and pages. Pure.

个人信息保护法 (2021) 第五十一条 asks for de-identification; what stays visible is what an
operator needs to tell two callers apart.
"""

import re

_MOBILE = re.compile(r"(?<!\d)(1[3-9]\d)[\s-]?(\d{4})[\s-]?(\d{4})(?!\d)")
_LANDLINE = re.compile(r"(?<!\d)(0\d{2,3})[\s-]?(\d{3,4})(\d{4})(?!\d)")
_IDENTITY = re.compile(r"(?<![\dA-Za-z])(\d{6})\d{8}(\d{3}[\dXx])(?![\dA-Za-z])")
_BANK_CARD = re.compile(r"(?<!\d)(\d{4})\d{8,11}(\d{4})(?!\d)")
_EMAIL = re.compile(r"[\w.+-]+@([\w-]+\.[\w.-]+)")


_SUSPICIOUS = re.compile(r"\d{4}|@")  # each of the above has one of these


def mask(text: str) -> str:
    """The text with phone, identity-card and bank-card numbers and mail addresses masked."""
    if not _SUSPICIOUS.search(text):
        return text
    text = _IDENTITY.sub(r"\1********\2", text)
    text = _BANK_CARD.sub(r"\1********\2", text)
    text = _MOBILE.sub(r"\1****\3", text)
    text = _LANDLINE.sub(r"\1****\3", text)
    return _EMAIL.sub(r"***@\1", text)


def invented(text: str) -> str:
    """The text with nobody's numbers and mail addresses in their places, of the same forms."""
    if not _SUSPICIOUS.search(text):
        return text
    text = _IDENTITY.sub("\0", text)  # it has as many digits as a bank card
    text = _BANK_CARD.sub("6200000000000000000", text)
    text = _MOBILE.sub("13800138000", text)
    text = _LANDLINE.sub("02081234567", text).replace("\0", "44010419900101000X")
    return _EMAIL.sub("somebody@example.com", text)


def unmask(text: str, source: str) -> str:
    """The text with its masked numbers put back, where ``source`` has them in clear."""
    for pattern in (_IDENTITY, _BANK_CARD, _MOBILE, _LANDLINE):
        for found in pattern.finditer(source):
            text = text.replace(mask(found[0]), found[0])
    return text


def mask_phone(number: str) -> str:
    """A phone number with its middle hidden: 138****8000, 020****4282."""
    if len(number) < 8:
        return "*" * len(number)
    return f"{number[:3]}****{number[-4:]}"


def mask_address(address: str) -> str:
    """An address without its numbers: house, stair and room are hidden."""
    return re.sub(r"[0-9A-Za-z]+", "*", address)


def mask_name(name: str) -> str:
    """A name of which only the first character shows: 陈**."""
    return name[:1] + "*" * max(len(name) - 1, 1) if name else name
