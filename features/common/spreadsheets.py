"""Text that a spreadsheet shows and never computes."""

import re

# A cell that begins so is a formula (OWASP, CSV Injection); wide forms count too. What follows a
# separator counts as a beginning: a spreadsheet set to another one cuts the line there.
_FORMULA = re.compile(r"(^|[;,\t\r\n|])(?=\s*[=+\-@\t\r\n＝＋－＠])")
_NUMBER = re.compile(r"\s*[+-]?\d+([.,]\d+)?\s*")


def harmless_cell(text: str) -> str:
    """Return a cell that no spreadsheet computes: an apostrophe goes before what would begin one.

    A number stays one. Every file meant for a spreadsheet is written with it.
    """
    return text if _NUMBER.fullmatch(text) else _FORMULA.sub(r"\1'", text)
