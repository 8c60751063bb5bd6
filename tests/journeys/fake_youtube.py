"""A stand-in for YouTube's embedded player, which speaks its messages: journeys reach no other host."""

from __future__ import annotations

from playwright.async_api import BrowserContext, Frame, Page, Route

_PLAYER = """<!doctype html><title>Player</title><script>
const query = new URLSearchParams(location.search);
const video = { state: -1, from: Number(query.get("start")), since: performance.now() };
window.video = video;
video.time = () => video.state === 1 ? video.from + (performance.now() - video.since) / 1000 : video.from;
const settle = (state, time) => { video.from = time; video.since = performance.now(); video.state = state; tell(); };
const tell = () => parent.postMessage(JSON.stringify({ event: "infoDelivery", info: {
  playerState: video.state, currentTime: video.time(), duration: 600, videoData: { isLive: false } } }), "*");
const orders = {
  playVideo: () => settle(1, video.time()),
  pauseVideo: () => settle(2, video.time()),
  seekTo: seconds => settle(video.state === 2 ? 2 : 1, seconds),
  mute: () => { video.muted = true; },
  unMute: () => { video.muted = false; },
};
addEventListener("message", event => {
  const message = JSON.parse(event.data);
  if (message.event === "listening") setInterval(tell, 250);
  if (message.event === "command") orders[message.func]?.(...message.args);
});
</script>"""


async def serve_youtube(context: BrowserContext) -> None:
    async def answer(route: Route) -> None:
        await route.fulfill(content_type="text/html", body=_PLAYER)

    await context.route("https://www.youtube-nocookie.com/**", answer)


async def refuse_youtube(context: BrowserContext) -> None:
    """As where a network blocks it."""
    await context.route("https://www.youtube-nocookie.com/**", lambda route: route.abort())


def _player(page: Page) -> Frame | None:
    return next((frame for frame in page.frames if "youtube-nocookie" in frame.url), None)


async def plays(page: Page) -> bool:
    frame = _player(page)
    return frame is not None and bool(await frame.evaluate("() => window.video?.state === 1"))


async def position(page: Page) -> float:
    """Seconds from the start of the video; -1 without a player."""
    frame = _player(page)
    return -1.0 if frame is None else float(await frame.evaluate("() => window.video ? window.video.time() : -1"))
