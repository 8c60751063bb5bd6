/** Time and chance from outside, so that tests decide them. */
export interface Clock {
  /** Milliseconds, never going back. */
  now(): number;
  /** Calls back after `ms`; the result cancels it. */
  after(ms: number, callback: () => void): () => void;
  /** 0 <= x < 1 */
  random(): number;
}

export interface BackoffLimits {
  /** Milliseconds before the first retry, at most. */
  first: number;
  /** Milliseconds between later retries, at most. */
  longest: number;
}

/**
 * Exponential back-off with jitter: a random time in the upper half of a window that doubles from
 * `first` to `longest`. The jitter keeps thousands of clients from coming back in the same moment.
 */
export class Backoff {
  private attempts = 0;

  constructor(
    private readonly clock: Clock,
    private readonly limits: BackoffLimits,
  ) {}

  get attempt(): number {
    return this.attempts;
  }

  /** Milliseconds to wait before the next attempt. */
  next(): number {
    const window = Math.min(this.limits.longest, this.limits.first * 2 ** this.attempts);
    this.attempts += 1;
    return window / 2 + (window / 2) * this.clock.random();
  }

  reset(): void {
    this.attempts = 0;
  }
}
