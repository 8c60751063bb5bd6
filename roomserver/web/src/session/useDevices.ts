import { useEffect, useState } from "react";
import { type DeviceList, listDevices } from "roomserver-client/browser";

/** Cameras and microphones that are connected, looked up anew with `since` and when one comes or goes. */
export function useDevices(since: unknown): DeviceList {
  const [devices, setDevices] = useState<DeviceList>({ cameras: [], microphones: [] });
  useEffect(() => {
    // Not there at all on insecure pages, whatever the type says.
    const known = navigator.mediaDevices as MediaDevices | undefined;
    const look = (): void => void listDevices().then(setDevices, () => undefined);
    look();
    known?.addEventListener("devicechange", look);
    return () => known?.removeEventListener("devicechange", look);
  }, [since]);
  return devices;
}
