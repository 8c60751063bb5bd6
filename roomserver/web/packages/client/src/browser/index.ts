/** The browser's part: a room with the browser's sockets, peer connections and time, pictures, sound and devices. */
export { type BrowserRoomOptions, createRoom } from "./createRoom.js";
export {
  type DeviceChoice,
  DeviceError,
  type DeviceList,
  type DeviceTrouble,
  type Opened,
  canShareScreen,
  listDevices,
  openCamera,
  openChoice,
  openMicrophone,
  openScreen,
} from "./devices.js";
export { fetchTicket } from "./fetchTicket.js";
export { type Sound, playSound, showSeat } from "./playback.js";
export { asMediaTrack, clock } from "./realtime.js";
