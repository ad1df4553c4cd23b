"""A real Datasette: an API without a document of its own, described by hand, with pages of 100 rows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qwen_magics.errors import ToolError
from qwen_magics.tools.api.service import Service, connect
from tests.tools.api.conftest import document, query

SPEC = document(
    (
        "get",
        "/shop/deliveries.json",
        {
            "operationId": "list_deliveries",
            "summary": "Deliveries with their country and how many days late they were",
            "parameters": [query("country__exact"), query("_shape"), query("_next"), query("_size")],
        },
    ),
    ("get", "/shop.json", {"operationId": "run_sql", "parameters": [{**query("sql"), "required": True}]}),
)


@pytest.fixture
def api(datasette: str, tmp_path: Path) -> Service:
    path = tmp_path / "datasette.json"
    path.write_text(json.dumps(SPEC))
    return connect("datasette", str(path), url=datasette)


def test_rows_of_bare_values_become_a_table_over_all_pages(api: Service) -> None:
    output = api.tools[0].function()
    assert output.frame.shape == (250, 3) and list(output.frame) == ["id", "country", "days_late"]
    assert len(output.exchanges) == 3


def test_the_server_filters(api: Service) -> None:
    output = api.tools[0].function(country__exact="FR")
    assert set(output.frame["country"]) == {"FR"} and len(output.frame) == 83


def test_what_datasette_refuses_is_told(api: Service) -> None:
    with pytest.raises(ToolError, match=r"400.*SELECT"):
        api.tools[1].function(sql="DELETE FROM deliveries")
