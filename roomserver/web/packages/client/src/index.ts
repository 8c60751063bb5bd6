/** The room client: a library without DOM. The application passes in WebSocket, RTCPeerConnection, time and HTTP. */
export { Backoff, type Clock } from "./clock.js";
export { type AfterClose, afterClose } from "./closing.js";
export { Connection } from "./connection.js";
export { Emitter } from "./emitter.js";
export { ConnectionLost, JoinRefused, Refused } from "./errors.js";
export type { PeerConnection, Peers, Track } from "./media.js";
export { mergePatch } from "./mergePatch.js";
export type * from "./protocol.js";
export type { ShareTracks } from "./publisher.js";
export { Room, type Person, type RoomEvents, type RoomOptions } from "./room.js";
export type { ConnectionOptions, Ending, Snapshot, Socket, Status } from "./snapshot.js";
export { type Wire, jsonWire, msgpackWire } from "./wire.js";
