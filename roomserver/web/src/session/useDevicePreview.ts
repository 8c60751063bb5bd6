import { useCallback, useEffect, useRef, useState } from "react";
import {
  type DeviceChoice,
  DeviceError,
  type DeviceTrouble,
  type Opened,
  openCamera,
  openChoice,
  openMicrophone,
} from "roomserver-client/browser";
import { rememberChoice, rememberedChoice } from "../browser/rememberedDevices";

export interface Preview {
  opened: Opened;
  choice: DeviceChoice;
  opening: boolean;
  trouble: DeviceTrouble | undefined;
  choose: (kind: "camera" | "microphone", id: string) => void;
  /** Opens everything once more, after the person allowed it or connected a device. */
  retry: () => void;
  /** From now on somebody else owns the tracks; the result gives them back. */
  handOver: () => () => void;
}

const closed: Opened = { camera: null, microphone: null };

function release(opened: Opened): void {
  opened.camera?.stop();
  opened.microphone?.stop();
}

function troubleOf(error: unknown): DeviceTrouble {
  return error instanceof DeviceError ? error.trouble : "unsupported";
}

/** The other device as it is, and this one opened anew, or left off. */
async function switchDevice(opened: Opened, kind: "camera" | "microphone", id: string): Promise<Opened> {
  // Let go first: some cameras can't be opened twice.
  opened[kind]?.stop();
  const rest: Opened = { camera: opened.camera, microphone: opened.microphone, [kind]: null };
  if (id === "off") return rest;
  try {
    return { ...rest, [kind]: await (kind === "camera" ? openCamera(id) : openMicrophone(id)) };
  } catch (error) {
    return { ...rest, trouble: troubleOf(error) };
  }
}

/** Camera and microphone opened for a look before they are shared; let go of when the page part goes away. */
export function useDevicePreview(): Preview {
  const [opened, setOpened] = useState(closed);
  const [choice, setChoice] = useState(rememberedChoice);
  const [opening, setOpening] = useState(true);
  const [attempt, setAttempt] = useState(0);
  const owned = useRef<Opened>(closed);
  const alive = useRef(true);
  const first = useRef(choice);

  const keep = useCallback((next: Opened) => {
    if (!alive.current) {
      release(next);
      return;
    }
    owned.current = next;
    setOpened(next);
    setOpening(false);
  }, []);

  useEffect(() => {
    alive.current = true;
    openChoice(first.current).then(keep, (error: unknown) => {
      keep({ ...closed, trouble: troubleOf(error) });
    });
    return () => {
      alive.current = false;
      release(owned.current);
      owned.current = closed;
    };
  }, [attempt, keep]);

  const choose = (kind: "camera" | "microphone", id: string): void => {
    const next = { ...choice, [kind]: id };
    first.current = next;
    setChoice(next);
    rememberChoice(next);
    setOpening(true);
    void switchDevice(opened, kind, id).then(keep);
  };

  const retry = (): void => {
    setOpening(true);
    setAttempt((count) => count + 1);
  };

  const handOver = (): (() => void) => {
    const given = owned.current;
    owned.current = closed;
    return () => {
      if (alive.current) owned.current = given;
      else release(given);
    };
  };

  return { opened, choice, opening, trouble: opened.trouble, choose, retry, handOver };
}
