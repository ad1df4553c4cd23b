"""Where the next page of a reply is. Knows no network.

Understood: `Link: <…>; rel="next"`, a `Next-Page` header, a URL or a token under one of the usual names in
the reply, and numbers counted up (`offset`, `page`) when the reply says that there is more.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from qwen_magics.tools.records import find_records

__all__ = ["next_page"]

_LINK = re.compile(r"<([^<>]{1,4000})>\s*;[^,<>]{0,200}?\brel\s*=\s*\"?next\b", re.IGNORECASE)
_NEXT_URLS = ("next", "next_url", "nextUrl", "nextLink", "@odata.nextLink", "next_page", "next_page_url")
_CONTAINERS = ("links", "_links", "paging", "pagination", "meta", "page_info", "pageInfo")
_NEXT_TOKENS = {
    # name in the reply → names of the parameter that takes it, the most usual first
    "next_page_token": ("page_token", "pageToken"),
    "nextPageToken": ("pageToken", "page_token"),
    "next_token": ("next_token", "token"),
    "nextToken": ("nextToken", "token"),
    "next_cursor": ("cursor", "starting_after", "after"),
    "nextCursor": ("cursor", "after"),
    "next": ("_next", "cursor", "token", "page", "offset", "start"),
    "endCursor": ("after",),
}
_TOTALS = ("total", "total_count", "totalCount", "totalResults", "total_results", "count")
_OFFSETS = ("offset", "_offset", "skip", "$skip", "start")
_PAGES = ("page", "page_number", "pageNumber")


def next_page(
    url: httpx.URL, headers: Mapping[str, str], body: Any, offered: Sequence[str], seen: int
) -> httpx.URL | None:
    """The address of the next page; None if this was the last, or nothing says that there is another.

    Args:
        url: of this page.
        headers: of the reply, names in any case.
        offered: the operation's parameters that choose a page.
        seen: how many records came so far, this page included.
    """
    linked = _LINK.search(headers.get("link", ""))
    if linked:
        return _joined(url, linked[1])
    if headers.get("next-page"):
        return _joined(url, headers["next-page"])
    if not isinstance(body, Mapping):
        return None
    return _named_url(url, body) or _token(url, body, offered) or _counted(url, body, offered, seen)


def _named_url(url: httpx.URL, body: Mapping[str, Any]) -> httpx.URL | None:
    for place in _places(body):
        for name in _NEXT_URLS:
            found = place.get(name)
            found = found.get("href") if isinstance(found, Mapping) else found
            if isinstance(found, str) and ("://" in found or found.startswith(("/", "?"))):
                return _joined(url, found)
    return None


def _token(url: httpx.URL, body: Mapping[str, Any], offered: Sequence[str]) -> httpx.URL | None:
    for place in _places(body):
        for name, parameters in _NEXT_TOKENS.items():
            value = place.get(name)
            if not isinstance(value, (str, int)) or isinstance(value, bool) or value == "":
                continue
            taken = next((p for p in parameters if p in offered), None)
            if taken is not None:
                return url.copy_set_param(taken, str(value))
    return None


def _counted(url: httpx.URL, body: Mapping[str, Any], offered: Sequence[str], seen: int) -> httpx.URL | None:
    totals = [place[name] for place in _places(body) for name in _TOTALS if isinstance(place.get(name), int)]
    records = find_records(body)
    size = len(records) if isinstance(records, list) else 0
    if not totals or not size or seen >= totals[0]:
        return None
    offset = next((name for name in offered if name in _OFFSETS), None)
    if offset is not None:
        return url.copy_set_param(offset, str(seen))
    page = next((name for name in offered if name in _PAGES), None)
    if page is None:
        return None
    now = url.params.get(page, "1")
    return url.copy_set_param(page, str(int(now) + 1)) if now.isdigit() else None


def _places(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [body, *(body[name] for name in _CONTAINERS if isinstance(body.get(name), Mapping))]


def _joined(url: httpx.URL, target: str) -> httpx.URL | None:
    try:
        return url.join(target)
    except (httpx.InvalidURL, ValueError):
        return None
