"""Keep the knowledge base: check, import, search, publish, roll back, stale and missing entries."""

import argparse
import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from knowledge_base.editions import Editions
    from knowledge_base.vectors import Vectors

LONGEST = 400  # characters of a list of entries that are shown


def add(parser: argparse.ArgumentParser) -> None:
    """Arguments: what to do."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    for name, text in (
        ("check", "refuse wrong entries, with file, line and field"),
        ("stale", "entries that are expired or older than they may be"),
    ):
        action = actions.add_parser(name, help=text)
        action.add_argument("folder", nargs="?", type=Path, help="a folder of entries")
        if name == "stale":
            action.add_argument("--on", metavar="DATE", help="the day to judge by (today)")
    table = actions.add_parser("import", help="entries from xlsx or csv, candidates from the rest")
    table.add_argument("file", type=Path, help=".xlsx .csv: entries; .docx .pdf .html .txt: drafts")
    table.add_argument("--theme", help="the theme of the entries (the file's name)")
    table.add_argument("--out", type=Path, required=True, help="the YAML file to write")
    search = actions.add_parser("search", help="what a question finds, with scores")
    search.add_argument("question")
    search.add_argument("--district", help="the caller's district")
    publish = actions.add_parser("publish", help="put theme files in force, when nothing is lost")
    publish.add_argument("files", nargs="+", type=Path, help="theme files (*.yml)")
    back = actions.add_parser("rollback", help="bring back what stood before an edition")
    back.add_argument("edition", type=int)
    history = actions.add_parser("history", help="what was published: who, when, why")
    for action in (publish, back):
        action.add_argument("--who", required=True, help="the editor")
        action.add_argument("--why", required=True, help="the reason")
    for action in (search, publish, back, history):
        action.add_argument("--folder", type=Path, help="the folder of entries; the setting's")
    missing = actions.add_parser("unanswered", help="what callers asked and did not get")
    missing.add_argument("--days", type=int, default=7, help="how many days back (7)")
    calibrate = actions.add_parser("calibrate", help="learn anew when to answer")
    calibrate.add_argument(
        "--encoder", action="store_true", help="with the encoder of the settings, for it alone"
    )


def run(args: argparse.Namespace) -> int:
    """0 when all is well, 1 when something was refused."""
    from bot.rules.errors import NotFound, Rejected
    from knowledge_base.located import Refused

    actions: dict[str, Callable[[argparse.Namespace], None]] = {
        "check": _check, "stale": _stale, "import": _import, "search": _search,
        "publish": _publish, "rollback": _rollback, "history": _history, "unanswered": _unanswered,
        "calibrate": _calibrate,
    }  # fmt: skip
    try:
        actions[args.action](args)
    except Refused as refused:
        for problem in refused.problems:
            print(problem, file=sys.stderr)
        print(f"{len(refused.problems)} problems", file=sys.stderr)
        return 1
    except (NotFound, Rejected, OSError) as error:
        print(f"kb: {error}", file=sys.stderr)
        return 1
    return 0


def _check(args: argparse.Namespace) -> None:
    from knowledge_base import loading

    entries = loading.load(_folder(args.folder))
    print(f"{len(entries)} entries in {len({entry.file for entry in entries})} files: good")


def _stale(args: argparse.Namespace) -> None:
    from knowledge_base import loading

    on = date.fromisoformat(args.on) if args.on else _now().date()
    entries = loading.load(_folder(args.folder))
    old = [entry for entry in entries if entry.stale_on(on) or not entry.served_on(on)]
    for entry in sorted(old, key=lambda entry: entry.as_of):
        state = "stale" if entry.served_on(on) else "not served"
        print(f"{entry.as_of}  {state}  {entry.id}  {entry.question}  {entry.file}:{entry.line}")


def _import(args: argparse.Namespace) -> None:
    from knowledge_base import writing
    from knowledge_base.documents import candidates
    from knowledge_base.tables import FRESH_DAYS, read_table

    if args.file.suffix.lower() in {".xlsx", ".csv"}:
        theme = args.theme or args.file.stem
        rows = read_table(args.file, theme, _folder(None))
        args.out.write_text(writing.theme(theme, FRESH_DAYS, rows), encoding="utf-8")
        print(f"{len(rows)} entries: {args.out}; put them in force with kb publish")
        return
    found = candidates(args.file)
    args.out.write_text(writing.drafts(found), encoding="utf-8")
    print(f"{len(found)} candidates for an editor: {args.out}")


def _search(args: argparse.Namespace) -> None:
    from knowledge_base.knowledge import KnowledgeBase

    base = KnowledgeBase(_folder(args.folder), _vectors())
    on = _now().date()
    finding = base.find(args.question, on=on, district=args.district)
    print(f"{finding.kind}  {finding.confidence:.2f}  {finding.ask or ''}")
    for match in base.search(args.question, on=on, district=args.district):
        print(f"{match.score:.4f}  {match.entry.id}  {match.entry.question}")


def _publish(args: argparse.Namespace) -> None:
    files = {path.name: path.read_text(encoding="utf-8") for path in args.files}
    edition = _editions(args.folder).publish(files, who=args.who, why=args.why, at=_now())
    print(f"edition {edition.number}: {', '.join(edition.entries) or 'no entry differs'}")


def _rollback(args: argparse.Namespace) -> None:
    editions = _editions(args.folder)
    edition = editions.rollback(args.edition, who=args.who, why=args.why, at=_now())
    print(f"edition {edition.number}: as before edition {args.edition}")


def _history(args: argparse.Namespace) -> None:
    for edition in _editions(args.folder).history():
        entries = ", ".join(edition.entries)[:LONGEST]
        print(f"{edition.number}  {edition.at:%Y-%m-%d %H:%M}  {edition.who}  {edition.why}")
        print(f"    {entries}")


def _unanswered(args: argparse.Namespace) -> None:
    import asyncio

    from bot.missing import missing
    from bot.settings import Settings
    from bot.store import Store

    async def read() -> None:
        store = await Store.open(Settings().database)
        try:
            found = await missing(store, _now() - timedelta(days=args.days), _now())
        finally:
            await store.close()
        for gap in found:
            places = ", ".join(f"{name} {count}" for name, count in gap.districts.most_common(3))
            print(f"{gap.count}  {gap.question}  {places}")
            for entry, count in gap.entries.most_common(3):
                print(f"    {entry} did not help: {count}")
            for example in gap.examples[1:]:
                print(f"    {example.text}  {example.turn}")

    asyncio.run(read())


def _calibrate(args: argparse.Namespace) -> None:
    import yaml

    from bot.rules.errors import Rejected
    from knowledge_base import loading
    from knowledge_base.fitting import Fitting, fitted, fitted_with

    entries, tables, on = loading.load(), loading.search_tables(), _now().date()
    if args.encoder:
        vectors = _vectors()
        if vectors is None:
            raise Rejected("HOTLINE_ENCODER names no folder of a sentence encoder")
        table, shares, first = fitted_with(vectors, entries, tables, on)
        print(f"right entry first: {first:.3f}, where the encoder counts {table['share']}")
        path = vectors.confidence
    else:
        table, shares = fitted(Fitting(entries, tables, on).samples())
        path = loading.HERE / "confidence.yml"
    for group, answered in shares.items():
        print(f"{group}: {answered:.3f} answered")
    head = "# When to answer: written by kb calibrate from calibration/, read by confidence.py.\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".new")
    aside.write_text(head + yaml.safe_dump(table, sort_keys=False), encoding="utf-8")
    aside.replace(path)
    print(path)


def _editions(folder: Path | None) -> "Editions":
    from knowledge_base.editions import Editions
    from knowledge_base.regression import Regression

    entries = _folder(folder)
    return Editions(entries, Regression(folder=entries, vectors=_vectors()).gate(_now().date()))


def _folder(told: Path | None) -> Path:
    """The folder of entries: the one told, or the setting's."""
    from bot.settings import Settings

    return told or Settings().entries


def _vectors() -> "Vectors | None":
    """Of the encoder that the settings name, if they do."""
    from bot import encoding
    from bot.settings import Settings

    return encoding.vectors(Settings())


def _now() -> datetime:
    from bot import clock

    return clock.now()
