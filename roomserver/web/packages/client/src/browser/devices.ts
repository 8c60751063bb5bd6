/** Cameras, microphones and screens: opening them, and saying plainly why one can't be. */

export type DeviceTrouble =
  | "denied"
  | "deniedCamera"
  | "deniedMicrophone"
  | "none"
  | "noneCamera"
  | "noneMicrophone"
  | "inUse"
  | "insecure"
  | "unsupported"
  | "screenDenied"
  | "screenUnsupported";

export class DeviceError extends Error {
  override readonly name = "DeviceError";

  constructor(readonly trouble: DeviceTrouble) {
    super(trouble);
  }
}

/** Phones can't. */
export function canShareScreen(): boolean {
  return typeof (navigator.mediaDevices as Partial<MediaDevices> | undefined)?.getDisplayMedia === "function";
}

/** A device's id; "" is the browser's default, "off" none. */
export interface DeviceChoice {
  camera: string;
  microphone: string;
}

const CAMERA: MediaTrackConstraints = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30, max: 30 } };
const MICROPHONE: MediaTrackConstraints = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const SCREEN: MediaTrackConstraints = { width: { max: 1920 }, height: { max: 1080 }, frameRate: { ideal: 15, max: 30 } };

function mediaDevices(): MediaDevices {
  // Not there at all on insecure pages, whatever the type says.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (devices === undefined) throw new DeviceError(window.isSecureContext ? "unsupported" : "insecure");
  return devices;
}

function wish(constraints: MediaTrackConstraints, id: string): MediaTrackConstraints {
  return id === "" ? constraints : { ...constraints, deviceId: { exact: id } };
}

export async function openCamera(id = ""): Promise<MediaStreamTrack> {
  return open({ video: wish(CAMERA, id) }, "camera");
}

export async function openMicrophone(id = ""): Promise<MediaStreamTrack> {
  return open({ audio: wish(MICROPHONE, id) }, "microphone");
}

async function open(constraints: MediaStreamConstraints, kind: "camera" | "microphone"): Promise<MediaStreamTrack> {
  const devices = mediaDevices();
  try {
    const track = (await devices.getUserMedia(constraints)).getTracks()[0];
    if (track === undefined) throw new DeviceError("unsupported");
    return track;
  } catch (error) {
    // A remembered device that is not connected any more: the default one instead.
    if (error instanceof DOMException && error.name === "OverconstrainedError") {
      return open(kind === "camera" ? { video: CAMERA } : { audio: MICROPHONE }, kind);
    }
    throw new DeviceError(troubleOf(error, kind));
  }
}

function troubleOf(error: unknown, kind: "camera" | "microphone"): DeviceTrouble {
  if (error instanceof DeviceError) return error.trouble;
  switch (error instanceof DOMException ? error.name : "") {
    case "NotAllowedError":
    case "SecurityError":
      return kind === "camera" ? "deniedCamera" : "deniedMicrophone";
    case "NotFoundError":
    case "OverconstrainedError":
      return kind === "camera" ? "noneCamera" : "noneMicrophone";
    case "NotReadableError":
    case "AbortError":
      return "inUse";
    default:
      return "unsupported";
  }
}

export interface Opened {
  camera: MediaStreamTrack | null;
  microphone: MediaStreamTrack | null;
  /** Why something wished for is missing. */
  trouble?: DeviceTrouble;
}

/** Opens what is chosen, and what can be opened of it: without a camera the microphone still comes, and vice versa. */
export async function openChoice(choice: DeviceChoice): Promise<Opened> {
  const both = await openTogether(choice);
  if (both !== undefined) return both;
  const [camera, microphone] = await Promise.allSettled([
    choice.camera === "off" ? null : openCamera(choice.camera),
    choice.microphone === "off" ? null : openMicrophone(choice.microphone),
  ]);
  const opened: Opened = {
    camera: camera.status === "fulfilled" ? camera.value : null,
    microphone: microphone.status === "fulfilled" ? microphone.value : null,
  };
  const troubles = [camera, microphone].flatMap((result) =>
    result.status === "rejected" && result.reason instanceof DeviceError ? [result.reason.trouble] : [],
  );
  const trouble = summary(troubles);
  return trouble === undefined ? opened : { ...opened, trouble };
}

/** One question to the person for both devices, where both are wished for. Undefined if that fails. */
async function openTogether(choice: DeviceChoice): Promise<Opened | undefined> {
  if (choice.camera === "off" || choice.microphone === "off") return undefined;
  const devices = mediaDevices();
  try {
    const stream = await devices.getUserMedia({
      video: wish(CAMERA, choice.camera),
      audio: wish(MICROPHONE, choice.microphone),
    });
    return { camera: stream.getVideoTracks()[0] ?? null, microphone: stream.getAudioTracks()[0] ?? null };
  } catch {
    return undefined;
  }
}

function summary(troubles: DeviceTrouble[]): DeviceTrouble | undefined {
  if (troubles.includes("deniedCamera") && troubles.includes("deniedMicrophone")) return "denied";
  if (troubles.includes("noneCamera") && troubles.includes("noneMicrophone")) return "none";
  return troubles[0];
}

/** A screen, window or tab that the person picks; undefined if they thought better of it. */
export async function openScreen(): Promise<{ video: MediaStreamTrack; audio: MediaStreamTrack | null } | undefined> {
  const devices = mediaDevices();
  if (!("getDisplayMedia" in devices)) throw new DeviceError("screenUnsupported");
  try {
    const stream = await devices.getDisplayMedia({ video: SCREEN, audio: true });
    const video = stream.getVideoTracks()[0];
    if (video === undefined) return undefined;
    video.contentHint = "detail";
    return { video, audio: stream.getAudioTracks()[0] ?? null };
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    // Browsers say NotAllowedError both for "cancel" and for a system that forbids it; only the latter says so.
    if (error.name === "NotAllowedError" && !error.message.toLowerCase().includes("system")) return undefined;
    if (error.name === "AbortError") return undefined;
    throw new DeviceError("screenDenied");
  }
}

export interface DeviceList {
  cameras: MediaDeviceInfo[];
  microphones: MediaDeviceInfo[];
}

export async function listDevices(): Promise<DeviceList> {
  const all = await mediaDevices().enumerateDevices();
  // Before permission, browsers list one nameless device without an id.
  const known = all.filter((device) => device.deviceId !== "");
  return {
    cameras: known.filter((device) => device.kind === "videoinput"),
    microphones: known.filter((device) => device.kind === "audioinput"),
  };
}
