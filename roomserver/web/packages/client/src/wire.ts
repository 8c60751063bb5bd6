import { decode, encode } from "@msgpack/msgpack";
import type { ServerMessage } from "./protocol.js";

/** One encoding of messages on a socket; `protocol` is the WebSocket subprotocol that names it. */
export interface Wire {
  readonly protocol: string;
  encode(message: Record<string, unknown>): string | Uint8Array<ArrayBuffer>;
  /** Throws on data that is not a message. */
  decode(data: unknown): ServerMessage;
}

export const jsonWire: Wire = {
  protocol: "roomserver.v1.json",
  encode: (message) => JSON.stringify(message),
  decode: (data) => {
    if (typeof data !== "string") throw new TypeError("A JSON message must be a text frame.");
    return asMessage(JSON.parse(data));
  },
};

export const msgpackWire: Wire = {
  protocol: "roomserver.v1.msgpack",
  encode: (message) => encode(message, { ignoreUndefined: true }),
  decode: (data) => {
    if (!(data instanceof ArrayBuffer) && !(data instanceof Uint8Array)) throw new TypeError("A msgpack message must be a binary frame.");
    return asMessage(decode(data));
  },
};

function asMessage(value: unknown): ServerMessage {
  if (typeof value !== "object" || value === null || typeof (value as { type?: unknown }).type !== "string") {
    throw new TypeError("A message must be a map with a type.");
  }
  return value as ServerMessage;
}
