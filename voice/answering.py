"""What becomes of the jobs: answered, played, failed. Pure; see `voice.turns`."""

from bot.rules.session import Next
from voice import hearing
from voice.floor import Floor, State
from voice.signals import Answered, Command, End, Failed, Played

MOST_FAILURES = 2


def answered(floor: Floor, event: Answered, now: float) -> list[Command]:
    """The dialogue has answered."""
    question = floor.question
    if question is None or event.turn != question.turn:
        return []
    floor.failures = 0
    if question.more and event.outcome.next is Next.LISTEN:
        return floor.ask(question.more, now)
    if floor.state is State.HEARING and event.outcome.next is Next.LISTEN:
        question.answer = event.outcome
        return []
    return floor.reply(event.outcome)


def played(floor: Floor, event: Played, now: float) -> list[Command]:
    """An utterance of ours is over."""
    if floor.saying is None or event.number != floor.saying.number:
        return []
    floor.saying = None
    if floor.after is not Next.LISTEN:
        floor.state = State.ENDED
        return [End(floor.after)]
    if floor.state is State.SPEAKING and floor.heard.open:
        floor.hear()
    elif floor.state is State.SPEAKING:
        floor.wait(now)
    return []


def failed(floor: Floor, event: Failed, now: float) -> list[Command]:
    """A job broke: an apology, the second time a person."""
    if event.what == "say":
        current = floor.saying is not None and event.number == floor.saying.number
        return played(floor, Played(event.number), now) if current else []
    if event.what == "transcribe":
        if event.number != floor.heard.attempt:
            return []  # of words still being said, or of a pause that was none
        if event.turn != floor.turn or not floor.heard.stopped:
            floor.heard.attempt = 0
            return []
        if floor.question or floor.held:
            return hearing.unheard(floor, now)
    elif floor.question is None or event.turn != floor.question.turn:
        return []
    floor.question = None
    floor.failures += 1
    if floor.failures >= MOST_FAILURES:
        return floor.say("handing_over", after=Next.AGENT)
    return floor.say("apology")
