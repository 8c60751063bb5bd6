import type { ErrorBody } from "./protocol.js";

/** The server said no to a command; nothing was changed. `code` is stable, `message` is a sentence for people. */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly code: string;
  readonly details: Record<string, unknown>;
  /** Seconds after which it may be tried again (`rate_limited`). */
  readonly retryAfter: number | undefined;

  constructor(error: ErrorBody) {
    super(error.message);
    this.code = error.code;
    this.details = error.details ?? {};
    const retry = this.details["retry_after"];
    this.retryAfter = typeof retry === "number" ? retry : undefined;
  }
}

/** The connection was lost before the reply came: the command may or may not have been carried out. */
export class ConnectionLost extends Error {
  override readonly name = "ConnectionLost";
}

/**
 * Joining over HTTP was refused for good (not signed in, not allowed, no such session): trying again
 * would change nothing. Thrown by the `join` function that the application passes in.
 */
export class JoinRefused extends Error {
  override readonly name = "JoinRefused";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}
