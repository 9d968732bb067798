"""Talk to the hotline in the terminal."""

import argparse
import asyncio

from bot.terminal import console, sentence, tell


def add(parser: argparse.ArgumentParser) -> None:
    """No arguments: it starts a dialogue of its own and forgets it afterwards."""


def run(args: argparse.Namespace) -> int:
    """Until the end of input, or until the hotline hangs up."""
    try:
        asyncio.run(_chat())
    except (EOFError, KeyboardInterrupt):
        console.print()
    return 0


async def _chat() -> None:
    from bot.clock import now
    from bot.harness import stage
    from bot.log import configure
    from bot.rules.session import Channel, Next, Outcome, Utterance

    def show(outcome: Outcome) -> None:
        for reply in outcome.replies:
            tell("hotline", text=reply.text)
            if reply.buttons:
                console.print(
                    "      " + "  ".join(f"[{button.title}]" for button in reply.buttons),
                    markup=False,
                )

    configure("chat", level="ERROR")
    with console.status(sentence("preparing")):
        running = stage()
        opened = await running.__aenter__()
    try:
        async with opened.scene() as scene:
            show(await scene.conversation.begin(scene.session_id, Channel.WEB, None, now()))
            for number in range(1, 1_000_000):
                text = await asyncio.to_thread(console.input, sentence("caller"))
                utterance = Utterance(str(number), scene.session_id, text, Channel.WEB, now())
                outcome = await scene.conversation.hear(utterance)
                show(outcome)
                if outcome.next is Next.HANG_UP:
                    return
    finally:
        await running.__aexit__(None, None, None)
