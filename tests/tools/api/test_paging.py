"""Each way in which a reply says where the next page is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from qwen_magics.tools.api.paging import next_page
from qwen_magics.tools.api.service import connect
from tests.tools.api.conftest import Answered, ObedientServer, Seen, document, query

URL = httpx.URL("https://api.example.org/orders?status=open")


@pytest.mark.parametrize(
    ("headers", "body", "offered", "expected"),
    [
        ({"link": '<https://api.example.org/orders?page=2>; rel="next"'}, [], [], "/orders?page=2"),
        ({"link": '</a>; rel="prev", </orders?c=x>; rel=next'}, [], [], "/orders?c=x"),
        ({"next-page": "https://api.example.org/orders?t=1"}, {}, [], "/orders?t=1"),
        ({}, {"next": "/orders?page=2"}, [], "/orders?page=2"),
        ({}, {"links": {"next": {"href": "/orders?page=2"}}}, [], "/orders?page=2"),
        ({}, {"@odata.nextLink": "https://api.example.org/orders?s=1"}, [], "/orders?s=1"),
        ({}, {"nextPageToken": "abc"}, ["pageToken"], "/orders?status=open&pageToken=abc"),
        ({}, {"meta": {"next_cursor": "c1"}}, ["cursor"], "/orders?status=open&cursor=c1"),
        ({}, {"next": "7"}, ["_next"], "/orders?status=open&_next=7"),
        ({}, {"total": 5, "items": [1, 2]}, ["limit", "offset"], "/orders?status=open&offset=2"),
        ({}, {"total": 5, "items": [1, 2]}, ["page"], "/orders?status=open&page=2"),
        ({}, {"total": 2, "items": [1, 2]}, ["offset"], None),
        ({}, {"total": 5, "items": []}, ["offset"], None),
        ({}, {"items": [1, 2]}, ["offset"], None),
        ({}, {"next": None}, ["cursor"], None),
        ({}, {"nextPageToken": ""}, ["pageToken"], None),
        ({}, {"nextPageToken": "abc"}, [], None),
        ({"link": '</last>; rel="last"'}, [], [], None),
        ({}, [1, 2], ["offset"], None),
    ],
)
def test_next_page(headers: dict[str, str], body: Any, offered: list[str], expected: str | None) -> None:
    found = next_page(URL, headers, body, offered, seen=2)
    assert (found and found.raw_path.decode()) == expected


def test_a_hostile_link_header_is_read_quickly() -> None:
    assert next_page(URL, {"link": "<a>;" + "; x" * 50_000 + "<" * 50_000}, [], [], 0) is None


def pages(obedient: ObedientServer, tmp_path: Path) -> Any:
    spec = document(("get", "/orders", {"operationId": "read", "parameters": [query("offset", "integer")]}))
    path = tmp_path / "spec.json"
    path.write_text(json.dumps(spec))
    return connect("api", str(path), url=obedient.url).tools[0].function


def offset_of(seen: Seen) -> int:
    return int(parse_qs(urlsplit(seen.path).query).get("offset", ["0"])[0])


def test_all_pages_come_as_one_table(obedient: ObedientServer, tmp_path: Path) -> None:
    rows = [{"id": i} for i in range(7)]
    obedient.on("/orders", lambda seen: Answered(body={"total": 7, "items": rows[offset_of(seen) :][:3]}))
    output = pages(obedient, tmp_path)()
    assert output.frame["id"].tolist() == list(range(7)) and output.notes == ()
    assert [exchange.status for exchange in output.exchanges] == [200] * 3


def test_a_page_that_points_at_itself_ends(obedient: ObedientServer, tmp_path: Path) -> None:
    obedient.on("/orders", Answered(body={"items": [{"id": 1}], "next": "/orders"}))
    assert len(pages(obedient, tmp_path)().frame) == 1


def test_what_came_before_a_failing_page_is_kept_and_said_to_be_incomplete(
    obedient: ObedientServer, tmp_path: Path
) -> None:
    obedient.on("/orders", Answered(body={"items": [{"id": 1}], "next": "/more"}))
    obedient.on("/more", Answered(400, {"error": "no"}))
    output = pages(obedient, tmp_path)()
    assert len(output.frame) == 1
    assert output.notes[0].startswith("Incomplete, after 1 records")
