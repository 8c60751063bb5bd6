/** The room client: a library without DOM. The application passes in WebSocket, RTCPeerConnection, time and HTTP. */
export { Backoff, type Clock } from "./clock";
export { type AfterClose, afterClose } from "./closing";
export { Connection } from "./connection";
export { ConnectionLost, JoinRefused, Refused } from "./errors";
export type { PeerConnection, Peers, Track } from "./media";
export { mergePatch } from "./mergePatch";
export type * from "./protocol";
export type { ShareTracks } from "./publisher";
export { Room, type Person, type RoomEvents, type RoomOptions } from "./room";
export type { ConnectionOptions, Ending, Snapshot, Socket, Status } from "./snapshot";
export { type Wire, jsonWire, msgpackWire } from "./wire";
