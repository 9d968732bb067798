"""The report as a PDF. The only door to ReportLab.

The font is the Chinese one that every reader of PDF brings itself, so none is shipped.
"""

from pathlib import Path
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate, Spacer, TableStyle

from bot.reporting.monthly import MonthlyReport
from bot.reporting.sheets import Cell, Sheet, sheets, title

FONT = "STSong-Light"
LONGEST = 60  # rows of a table on paper


def write(report: MonthlyReport, path: Path) -> None:
    """Write the document: A4 across, a table after the other."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    head = ParagraphStyle("head", fontName=FONT, fontSize=15, leading=22)
    name = ParagraphStyle("name", parent=head, fontSize=12, leading=20)
    cell = ParagraphStyle("cell", parent=head, fontSize=7, leading=9, wordWrap="CJK")
    parts = [Paragraph(escape(title(report)), head)]
    for sheet in sheets(report):
        if sheet.rows:
            parts += [Spacer(1, 4 * mm), Paragraph(escape(sheet.name), name), _table(sheet, cell)]
    SimpleDocTemplate(
        str(path),
        pagesize=landscape(A4),
        title=title(report),
        leftMargin=12 * mm,
        rightMargin=12 * mm,
        topMargin=12 * mm,
        bottomMargin=12 * mm,
    ).build(parts)


def _table(sheet: Sheet, style: ParagraphStyle) -> LongTable:
    rows = [[Paragraph(escape(heading), style) for heading in sheet.headings]]
    for row in sheet.rows[:LONGEST]:
        rows.append(
            [
                Paragraph(escape(_shown(cell, column in sheet.shares)), style)
                for column, cell in enumerate(row)
            ]
        )
    table = LongTable(rows, repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), 0.25, colors.grey),
                ("BACKGROUND", (0, 0), (-1, 0), colors.whitesmoke),
            ]
        )
    )
    return table


def _shown(cell: Cell, share: bool) -> str:
    if cell is None:
        return "—"
    if share:
        return f"{cell:.1%}"
    return f"{cell:g}" if isinstance(cell, float) else str(cell)
