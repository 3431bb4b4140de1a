"""What is dynamic by nature has one name each; everything else that is a record is typed."""

from collections.abc import Mapping
from typing import Any, TypeAlias

JsonObject: TypeAlias = dict[str, Any]
"""A JSON document, as it is stored or sent: its keys are the document's, not a record's."""

ColumnValues: TypeAlias = Mapping[str, Any]
"""Values of a record by column, before its declaration (`RecordType`) makes a typed row of them."""
