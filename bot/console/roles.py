"""What each role of the desk may do. Pure."""

from enum import Enum

from bot.rules.errors import Rejected


class Deed(str, Enum):
    """What can be done at the desk."""

    READ_TICKETS = "read_tickets"
    WORK_TICKETS = "work_tickets"
    SUPERVISE = "supervise"
    SEE_IDENTITY = "see_identity"
    TAKE_CALLERS = "take_callers"
    WATCH_ANY = "watch_any"
    MANAGE_AGENTS = "manage_agents"
    READ_AUDIT = "read_audit"
    INSPECT = "inspect"
    EDIT_KNOWLEDGE = "edit_knowledge"


_AGENT = {Deed.READ_TICKETS, Deed.WORK_TICKETS, Deed.SEE_IDENTITY, Deed.TAKE_CALLERS}
_SUPERVISOR = _AGENT | {Deed.SUPERVISE, Deed.WATCH_ANY, Deed.READ_AUDIT, Deed.INSPECT}
MAY: dict[str, frozenset[Deed]] = {
    "agent": frozenset(_AGENT),
    "supervisor": frozenset(_SUPERVISOR),
    "editor": frozenset({Deed.READ_TICKETS, Deed.EDIT_KNOWLEDGE}),
    "auditor": frozenset({Deed.READ_TICKETS, Deed.READ_AUDIT, Deed.INSPECT}),
    "admin": frozenset(Deed),
}
ROLES = frozenset(MAY)


def allow(role: str, deed: Deed) -> None:
    """Rejected (``forbidden``) when the role may not."""
    if deed not in MAY.get(role, frozenset()):
        raise Rejected(f"the role {role} may not {deed.value}", code="forbidden", field="role")
