"""The report as an Excel workbook, a sheet a table. The only door to XlsxWriter."""

from pathlib import Path

import xlsxwriter

from bot.reporting.monthly import MonthlyReport
from bot.reporting.sheets import Cell, Sheet, sheets, title

WIDEST = 40


def write(report: MonthlyReport, path: Path) -> None:
    """Write the workbook. Text stays text: what begins with ``=`` is no formula."""
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(path, options) as book:
        book.set_properties({"title": title(report)})
        head = book.add_format({"bold": True, "bottom": 1})
        share = book.add_format({"num_format": "0.0%"})
        for sheet in sheets(report):
            page = book.add_worksheet(sheet.name)
            page.freeze_panes(1, 1)
            page.write_row(0, 0, sheet.headings, head)
            for number, row in enumerate(sheet.rows, start=1):
                for column, cell in enumerate(row):
                    form = share if column in sheet.shares else None
                    page.write(number, column, "" if cell is None else cell, form)
            for column in range(len(sheet.headings)):
                page.set_column(column, column, _width(sheet, column))


def _width(sheet: Sheet, column: int) -> int:
    """Wide enough for the first rows; a Chinese character takes two."""
    cells: list[Cell] = [sheet.headings[column], *(row[column] for row in sheet.rows[:100])]
    longest = max(sum(2 if ord(c) > 255 else 1 for c in str(cell)) for cell in cells)
    return min(longest + 2, WIDEST)
