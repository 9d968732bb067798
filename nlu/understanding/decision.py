"""From the models' probabilities and the rules' findings to one decision."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot.rules import numbers
from bot.rules.address import Location
from bot.rules.scope import Danger
from nlu.understanding.answers import answer_to
from nlu.understanding.elsewhere import is_elsewhere
from nlu.understanding.evidence import talk
from nlu.understanding.text import Text
from nlu.understanding.ties import choices, shared
from nlu.understanding.understanding import CATEGORY, DANGERS, IN, OUT, scope_of

OURS_FOR_SURE = 0.5  # the models' probability of our matters that outweighs the screen's words
CAUTION = 1.5  # a matter goes to those who avert dangers where theirs is so many times as likely
DOUBT = 1.3  # the same for any other body
POSSIBLE = 0.1  # from this share on danger may lie in a matter of ours: both are minded then
HEARD = 0.7  # the model of danger alone marks a matter of ours from this probability on
LEAST = 0.25  # and not below this probability
UNSURE = 0.05  # an intent below this probability is none
LEAST_MATTER = 0.35  # the same for a matter without danger: rather asked again than taken up
TALK = 11  # characters beyond which a sentence is rarely mere talk
FEW_NAME_NONE = 0.3  # below this a few words name no danger, says the model of danger
SURE_OF_FEW = 0.4  # so sure of danger, and a few words are enough
DESPAIR = 0.5  # an intention to die, heard by the models alone, needs as much
_SOUNDS = re.compile(r"[啊哦嗯呃额诶哎唉噢喔呀哇嘛的了吗呢吧么\W]{3,}")
_HAN = re.compile(r"[一-鿿]")
_LETTERS = re.compile(r"[一-鿿]|[A-Za-z]{2,}")
_SHORT = frozenset(
    {"inform", "repeat", "slower", "louder", "wait", "hearing", "done", "more", "skip", "ask_human"}
    | {"greet", "thank", "goodbye", "affirm", "deny", "ask_machine"}
)


@dataclass(frozen=True)
class Decision:
    """What an utterance is: intent, scope and the rest, with the words that decided."""

    intent: str
    scope: str
    confidence: float
    kind: str | None = None
    reason: str | None = None
    crisis: bool = False
    category: str | None = None
    referral: str | None = None
    evidence: tuple[str, ...] = ()
    ranking: tuple[tuple[str, float], ...] = ()
    danger: str | None = None  # the kind of a crisis
    choices: tuple[str, ...] = ()  # two intents that tie
    shared: bool = False  # it may be the police's or ours


@dataclass(frozen=True)
class Likely:
    """What the models say: the intents' probabilities, that of danger to life or safety now, and
    how many of the text's features they have seen (none where the text is nonsense)."""

    intents: dict[str, float]
    danger: float
    known: int


def decide(
    text: Text,
    likely: Likely,
    danger: Danger | None,
    location: Location,
    expected: str | None,
) -> Decision:
    """The decision from the models, the danger that the screen heard, and the place named."""
    intents = _at_length(likely.intents, text)
    danger = _believed(danger, intents)
    ranking = tuple(sorted(intents.items(), key=lambda item: -item[1])[:6])
    plain = None if danger else talk(text.mandarin, answering=expected is not None)
    if plain:
        return Decision(plain, "social", 0.95, ranking=((plain, 0.95), *ranking))
    if danger is None and _is_wordless(text, likely):
        return _wordless(text, location, expected, ranking)
    if danger:
        return _in_danger(danger, intents, ranking)
    intent, confidence = _chosen(intents)
    answer = answer_to(text, intent, confidence, location, expected)
    if answer:
        intent, confidence = answer
    least = (
        UNSURE if intent in (*DANGERS, "crisis") or scope_of(intent) == "social" else LEAST_MATTER
    )
    if confidence < least or _is_hardly_danger(text, intent, confidence, likely):
        return Decision("unclear", "unclear", confidence, ranking=ranking)
    if (
        location.city
        and intent in ("complain", "consult")
        and is_elsewhere(text.said, location.far)
    ):
        return Decision(
            "other", "out", confidence, None, "other", referral="other_city",
            evidence=(location.city,), ranking=ranking,
        )  # fmt: skip
    decision = _plain(intent, confidence, likely.danger > 0.5, ranking)
    quiet = decision.intent in CATEGORY and likely.danger < 0.5  # about a ticket that is there
    if not _possible(decision, intents, likely) or quiet or _names_no_danger(text, likely):
        return replace(
            decision, choices=choices(intents, text), shared=shared(decision.intent, intents)
        )
    kind = _best({i: intents[i] for i in (*DANGERS, "crisis")})
    return replace(decision, crisis=True, danger=kind)


def _is_hardly_danger(text: Text, intent: str, confidence: float, likely: Likely) -> bool:
    """What sounds like a danger to a model for want of another sense."""
    return intent in DANGERS and confidence < SURE_OF_FEW and _names_no_danger(text, likely)


def _names_no_danger(text: Text, likely: Likely) -> bool:
    """A few words, and no danger among them."""
    return len(text.plain) <= TALK and likely.danger < FEW_NAME_NONE


def _is_wordless(text: Text, likely: Likely) -> bool:
    said = text.said
    return not _LETTERS.search(said) or bool(_SOUNDS.fullmatch(said)) or likely.known < 2


def _possible(decision: Decision, intents: dict[str, float], likely: Likely) -> bool:
    """Whether life may be in danger in what is taken for a matter of ours."""
    if decision.scope != "in":
        return False
    ours = sum(intents.get(i, 0.0) for i in IN)
    dangers = sum(intents.get(i, 0.0) for i in (*DANGERS, "crisis"))
    return likely.danger > HEARD or dangers > POSSIBLE * ours


def _believed(danger: Danger | None, intents: dict[str, float]) -> Danger | None:
    """The screen's danger, unless the models are sure of a matter of ours in the same words."""
    if danger is None or danger.kind == "crisis":
        return danger
    return None if sum(intents.get(i, 0.0) for i in IN) > OURS_FOR_SURE else danger


def _at_length(intents: dict[str, float], text: Text) -> dict[str, float]:
    """Talk and bare facts are short: in a longer sentence something else is meant."""
    if len(text.plain) <= TALK:
        return intents
    return {i: p * (0.2 if i in _SHORT else 1.0) for i, p in intents.items()}


def _chosen(intents: dict[str, float]) -> tuple[str, float]:
    """The best intent of the likeliest scope; a matter turned away needs more than a hair."""
    inside = {i: p for i, p in intents.items() if i in IN}
    danger = {i: p for i, p in intents.items() if i in (*DANGERS, "crisis")}
    if danger["crisis"] < DESPAIR:
        intents = intents | {"crisis": 0.0}
    best = max(intents, key=lambda i: intents[i])
    if best in inside or best in danger:
        if sum(danger.values()) > max(LEAST, CAUTION * sum(inside.values())):
            return _best({i: intents[i] for i in danger}), max(UNSURE, sum(danger.values()))
        return _best(inside), sum(inside.values())
    if scope_of(best) == "out" and DOUBT * sum(inside.values()) > intents[best]:
        return _best(inside), sum(inside.values())
    return best, intents[best]


def decided(
    intent: str,
    confidence: float,
    evidence: tuple[str, ...],
    ranking: tuple[tuple[str, float], ...],
) -> Decision:
    """The decision for an intent that was decided elsewhere."""
    if intent == "unclear":
        return Decision("unclear", "unclear", confidence, evidence=evidence, ranking=ranking)
    return replace(_plain(intent, confidence, intent in DANGERS, ranking), evidence=evidence)


def _best(intents: dict[str, float]) -> str:
    return max(intents, key=lambda i: intents[i])


def _plain(
    intent: str, confidence: float, danger: bool, ranking: tuple[tuple[str, float], ...]
) -> Decision:
    scope = scope_of(intent)
    if intent == "crisis":
        return Decision(intent, scope, confidence, None, "police", True, None, "psychology",
                        ranking=ranking, danger="crisis")  # fmt: skip
    return Decision(
        intent,
        scope,
        confidence,
        kind=IN.get(intent),
        reason=intent if intent in OUT else None,
        crisis=danger and intent in DANGERS,
        category=CATEGORY.get(intent),
        ranking=ranking,
        danger=intent if danger and intent in DANGERS else None,
    )


def _in_danger(
    danger: Danger, intents: dict[str, float], ranking: tuple[tuple[str, float], ...]
) -> Decision:
    """A danger that the screen heard; an intention to die may stand inside a matter of ours."""
    if danger.kind == "crisis":
        ours = max((i for i in IN), key=lambda i: intents.get(i, 0.0))
        others = max(intents.get(i, 0.0) for i in (*OUT, "crisis"))
        if intents.get(ours, 0.0) > others:
            return Decision(ours, "in", intents[ours], IN[ours], None, True, CATEGORY.get(ours),
                            None, danger.evidence, ranking, "crisis")  # fmt: skip
        done = intents.get("medical", 0.0) > 0.5  # harm that is done needs a doctor first
        reason = "medical" if done else "police"
        return Decision("crisis", "out", max(0.9, intents.get("crisis", 0.0)), None, reason, True,
                        None, "psychology", danger.evidence, ranking, "crisis")  # fmt: skip
    best = max(DANGERS, key=lambda i: intents.get(i, 0.0))
    kind = best if intents.get(best, 0.0) > 0.5 else danger.kind
    confidence = max(0.8, intents.get(kind, 0.0))
    return Decision(kind, "out", confidence, None, kind, True, None, None, danger.evidence,
                    ranking, kind)  # fmt: skip


def _wordless(
    text: Text, location: Location, expected: str | None, ranking: tuple[tuple[str, float], ...]
) -> Decision:
    """No words the models know: a number or a place may still answer; else it is unclear."""
    digits = sum(letter.isdigit() for letter in text.said)
    number = numbers.phone(text.said) or numbers.ticket_no(text.said)
    if (digits and (expected or number)) or location.district or (expected and text.said):
        return Decision("inform", "social", 0.9, ranking=ranking)
    if (
        _HAN.search(text.said)
        and not _SOUNDS.fullmatch(text.said)
        and ranking
        and ranking[0][1] > 0.5
        and scope_of(ranking[0][0]) == "social"
    ):
        return Decision(ranking[0][0], "social", ranking[0][1], ranking=ranking)
    return Decision("unclear", "unclear", 0.0, ranking=ranking)
