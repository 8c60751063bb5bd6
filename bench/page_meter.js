// What a page costs, counted in it: `window.__meter.begin()`, and later `window.__meter.read()`.
(() => {
  const FRAME = 1000 / 60;
  let frames, longTasks, reactions, began, videosBefore;
  // Videos come and go with tiles: each counts from when it was first seen.
  const videos = () =>
    new Map([...document.querySelectorAll("video")].map((video) => [video, video.getVideoPlaybackQuality()]));
  const since = (count) =>
    [...videos()].reduce((sum, [video, quality]) => sum + quality[count] - (videosBefore.get(video)?.[count] ?? 0), 0);
  const begin = () => {
    [frames, longTasks, reactions] = [[], [], []];
    began = performance.now();
    videosBefore = videos();
  };
  begin();
  const frame = (now) => {
    frames.push(now);
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  new PerformanceObserver((list) => longTasks.push(...list.getEntries().map((entry) => entry.duration))).observe({ type: "longtask" });
  // From the input, as the browser took it, to the end of the frame that shows what came of it.
  const react = ({ timeStamp }) => requestAnimationFrame(() => setTimeout(() => reactions.push(performance.now() - timeStamp)));
  addEventListener("click", react, { capture: true });
  window.__meter = {
    begin,
    read() {
      const gaps = frames.slice(1).map((at, index) => at - frames[index]);
      return {
        seconds: (performance.now() - began) / 1000,
        frames: gaps.length,
        late_frames: gaps.filter((gap) => gap > 1.5 * FRAME).length,
        worst_frame_ms: Math.max(0, ...gaps),
        long_tasks: longTasks.length,
        long_ms: longTasks.reduce((sum, each) => sum + each, 0),
        worst_task_ms: Math.max(0, ...longTasks),
        playing_tiles: document.querySelectorAll("[data-testid=tile][data-picture=true]").length,
        pictures: since("totalVideoFrames"),
        pictures_dropped: since("droppedVideoFrames"),
        reactions,
        heap_mb: performance.memory.usedJSHeapSize / 1e6,
      };
    },
  };
})();
