"""Organizers' Markdown as HTML that is safe to put into anybody's page (product section 4).

Links, images and videos work; whatever else HTML can do is taken out by an allow list on a real HTML parser.
"""

from __future__ import annotations

import html
import re
from collections.abc import MutableMapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

MAX_MARKDOWN_CHARACTERS = 20_000
"""How long a text may be: rendering time grows with it, for some texts faster than its length."""

_TAG_NAMES = (
    "a abbr b blockquote br code dd del details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li "
    "mark ol p pre q s small source span strong sub summary sup table tbody td tfoot th thead tr u ul video"
)
_ATTRIBUTES = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "img": {"src", "alt", "title", "width", "height"},
    "ol": {"start"},
    "source": {"src", "type"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "video": {"src", "title", "width", "height"},
}
_VIDEO_FILE = re.compile(r"\.(mp4|m4v|webm|ogv|mov)$", re.IGNORECASE)
_YOUTUBE_ID = re.compile(r"[\w-]{11}", re.ASCII)
_VIMEO_ID = re.compile(r"\d{1,12}", re.ASCII)
_PLAYER_LINK = re.compile(
    r'<a href="(https://(?:www\.youtube-nocookie\.com/embed/[\w-]{11}|player\.vimeo\.com/video/\d{1,12}))"[^>]*>'
    r"([^<]*)</a>",
    re.ASCII,
)


@lru_cache(maxsize=256)  # lists show the same few texts to everybody
def render_markdown(text: str) -> str:
    """Return `text` as sanitized HTML.

    An image whose address is a video file becomes a player, and so does one that points to YouTube or Vimeo. Links
    open beside the page, so that following one does not leave the room.

    Raises:
        ValueError: `text` is longer than `MAX_MARKDOWN_CHARACTERS`.
    """
    if len(text) > MAX_MARKDOWN_CHARACTERS:
        raise ValueError(f"text has {len(text):,} characters, at most {MAX_MARKDOWN_CHARACTERS:,} are allowed")
    return _PLAYER_LINK.sub(_player, _SANITIZER.clean(_MARKDOWN.render(text)))


def _player(match: re.Match[str]) -> str:
    # Frames are made after sanitizing and from nothing but the two addresses matched above: the sanitizer itself
    # lets no frame through, because a frame's content is parsed by other rules than its surroundings.
    title = html.escape(html.unescape(match[2]), quote=True)
    return (
        f'<iframe src="{match[1]}" title="{title}" loading="lazy" referrerpolicy="strict-origin-when-cross-origin" '
        'sandbox="allow-scripts allow-same-origin allow-popups allow-presentation" allow="fullscreen"></iframe>'
    )


def _player_address(address: str) -> str | None:
    """Return the address of the embedded player of a YouTube or Vimeo page, None for any other address."""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
        query = parse_qs(parts.query, max_num_fields=20)
    except ValueError:
        return None
    path = parts.path.strip("/").split("/")
    if parts.scheme not in {"http", "https"}:
        return None
    video = ""
    if host == "youtu.be":
        video = path[0]
    elif host in {"youtube.com", "youtube-nocookie.com"}:
        video = query.get("v", [""])[0] if path == ["watch"] else path[-1] if path[0] in {"embed", "live"} else ""
    elif host in {"vimeo.com", "player.vimeo.com"} and _VIMEO_ID.fullmatch(path[-1]):
        return f"https://player.vimeo.com/video/{path[-1]}"
    return f"https://www.youtube-nocookie.com/embed/{video}" if _YOUTUBE_ID.fullmatch(video) else None


def _render_image(
    renderer: RendererHTML, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]
) -> str:
    token = tokens[idx]
    address = str(token.attrGet("src") or "")
    label = renderer.renderInlineAsText(token.children, options, env) if token.children else ""
    if player := _player_address(address):
        return f'<a href="{html.escape(player)}">{html.escape(label or "Video")}</a>'
    if _VIDEO_FILE.search(address.partition("?")[0].partition("#")[0]):
        return f'<video src="{html.escape(address)}" title="{html.escape(label)}"></video>'
    return renderer.image(tokens, idx, options, env)


def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    markdown.add_render_rule("image", _render_image)
    return markdown


_MARKDOWN = _markdown()
_SANITIZER = nh3.Cleaner(
    tags=set(_TAG_NAMES.split()),
    attributes=_ATTRIBUTES,
    url_schemes={"http", "https", "mailto"},
    link_rel="noopener noreferrer nofollow",
    clean_content_tags={"script", "style"},
    set_tag_attribute_values={
        "a": {"target": "_blank"},
        "img": {"loading": "lazy", "referrerpolicy": "no-referrer"},
        "video": {"controls": "", "preload": "metadata", "playsinline": ""},
    },
)
