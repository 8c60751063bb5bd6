/** What a client does after a close: come back with its resume token, join again over HTTP, or stop. */
export type AfterClose = "resume" | "join" | "stop";

/** The close-code table of the protocol ("Closing"). */
const table: Record<number, AfterClose> = {
  1000: "stop",
  1001: "resume",
  4000: "resume",
  4001: "resume",
  4002: "resume",
  4100: "stop",
  4101: "join",
  4102: "stop",
  4103: "stop",
  4104: "stop",
  4105: "stop",
};

/** Codes that are not in the table (1006: the network; 1011, 1012, 1013: a proxy or a crash) mean: come back. */
export function afterClose(code: number): AfterClose {
  return table[code] ?? "resume";
}
