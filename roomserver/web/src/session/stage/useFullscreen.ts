import { useSyncExternalStore } from "react";

function follow(changed: () => void): () => void {
  document.addEventListener("fullscreenchange", changed);
  return () => document.removeEventListener("fullscreenchange", changed);
}

/** What fills the whole screen now. */
export function useFullscreen(): Element | null {
  return useSyncExternalStore(follow, () => document.fullscreenElement);
}
