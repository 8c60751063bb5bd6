/** The devices chosen last on this device, for the next time. */
import type { DeviceChoice } from "roomserver-client/browser";

const REMEMBERED = "roomserver.devices";

export function rememberedChoice(): DeviceChoice {
  try {
    const stored = JSON.parse(localStorage.getItem(REMEMBERED) ?? "{}") as Partial<Record<keyof DeviceChoice, unknown>>;
    return {
      camera: typeof stored.camera === "string" ? stored.camera : "",
      microphone: typeof stored.microphone === "string" ? stored.microphone : "",
    };
  } catch {
    return { camera: "", microphone: "" };
  }
}

export function rememberChoice(choice: DeviceChoice): void {
  try {
    localStorage.setItem(REMEMBERED, JSON.stringify(choice));
  } catch {
    // Storage is off or full: the choice is made again next time.
  }
}
