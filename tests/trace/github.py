"""What GitHub leaves of the HTML of a notebook's output.

A model of its documented sanitiser (html-pipeline): elements and attributes of the list stay, styles,
classes, ids, `data-*` and `aria-*` go; the text of other elements stays. It is no test of GitHub itself.
"""

from __future__ import annotations

from bs4 import BeautifulSoup

ELEMENTS = {
    *("h1", "h2", "h3", "h4", "h5", "h6", "br", "b", "i", "strong", "em", "a", "pre", "code", "img", "tt"),
    *("div", "ins", "del", "sup", "sub", "p", "ol", "ul", "table", "thead", "tbody", "tfoot", "blockquote"),
    *("dl", "dt", "dd", "kbd", "q", "samp", "var", "hr", "ruby", "rt", "rp", "li", "tr", "td", "th", "s"),
    *("strike", "summary", "details", "caption", "figure", "figcaption", "abbr", "bdo", "cite", "dfn"),
    *("mark", "small", "span", "time", "wbr"),
}
ATTRIBUTES = {"align", "alt", "colspan", "dir", "href", "open", "rowspan", "src", "start", "title", "width"}


def sanitised(page: str) -> str:
    """The page without what is not on the list."""
    soup = BeautifulSoup(page, "html.parser")
    for tag in soup.find_all(("script", "style")):
        tag.decompose()
    for tag in soup.find_all():
        if tag.name not in ELEMENTS:
            tag.unwrap()
        else:
            tag.attrs = {key: value for key, value in tag.attrs.items() if key in ATTRIBUTES}
    return str(soup)
