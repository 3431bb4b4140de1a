"""The public contract of the API, committed as text: a change to it is seen in review, and meant.

After a change that is meant: `VIGIE_UPDATE_SNAPSHOTS=1 pytest tests/api/test_openapi_snapshot.py`.
"""

import difflib
import json
import os
from pathlib import Path

from serving.app import create_app
from tests.lib.contexts import open_context
from tests.lib.databases import database

COMMITTED = Path(__file__).parents[2] / "docs" / "openapi.json"
RENEW = "VIGIE_UPDATE_SNAPSHOTS=1 pytest tests/api/test_openapi_snapshot.py"


def test_the_committed_document_is_what_the_service_answers(tmp_path: Path) -> None:
    document = _document(tmp_path)
    if os.environ.get("VIGIE_UPDATE_SNAPSHOTS"):
        COMMITTED.write_text(document, encoding="utf-8")
    committed = COMMITTED.read_text(encoding="utf-8") if COMMITTED.exists() else ""

    changed = list(
        difflib.unified_diff(committed.splitlines(), document.splitlines(), lineterm="", n=1)
    )
    assert changed == [], f"docs/openapi.json is not what the service answers: `{RENEW}`"


def _document(folder: Path) -> str:
    with database("sqlite", folder) as url, open_context(url, folder / "no bundles") as context:
        app = create_app(context)
        document = app.openapi()
        app.state.scoring_queue.close()
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
