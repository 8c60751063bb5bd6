/** One way to speak to the HTTP API: JSON, problem documents (RFC 9457), versions (ETag), pages of lists. */

/** What is wrong with one field; `field` is a path like `tags.2`, or a spreadsheet's column. */
export interface Fault {
  field: string;
  /** English. */
  message: string;
  code: string;
  /** What the sentence names. */
  values?: Readonly<Record<string, string | number>>;
  /** The part of a spreadsheet's list that is meant. */
  part?: string;
}

/** The part of a problem document that this client reads. */
interface ProblemDocument {
  code?: string;
  detail?: string;
  errors?: Fault[];
  current?: unknown;
  current_etag?: string;
}

/** An answer that says no. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";
  /** What is wrong with which field, all of it (422). */
  readonly errors: readonly Fault[];

  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    /** Seconds, from Retry-After. */
    readonly retryAfter: number | undefined,
    readonly document: ProblemDocument = {},
  ) {
    super(detail);
    this.errors = document.errors ?? [];
  }
}

/** A thing, and the version of it that was read: an edit says which version it is based on. */
export interface Versioned<T> {
  value: T;
  etag: string;
}

/** What is on the server by now, if an edit came second (412); undefined for any other failure. */
export function newerVersion<T>(error: unknown): Versioned<T> | undefined {
  if (!(error instanceof ApiProblem) || error.status !== 412) return undefined;
  return { value: error.document.current as T, etag: error.document.current_etag ?? "" };
}

export interface Page<T> {
  items: T[];
  next: string | null;
}

export type Query = Record<string, string | number | boolean | null | undefined>;

interface Options {
  query?: Query;
  signal?: AbortSignal | undefined;
  /** Goes out as If-Match. */
  etag?: string | undefined;
}

/** Milliseconds by which the server's clock is ahead of this device's. */
let clockOffset = 0;

/** The server's time in Unix seconds, as well as it is known: for countdowns that the server ends. */
export function serverNow(): number {
  return (Date.now() + clockOffset) / 1000;
}

function learnTime(response: Response): void {
  const date = Date.parse(response.headers.get("date") ?? "");
  // The header has whole seconds: half a second is the best guess, and small differences are noise.
  if (Number.isNaN(date)) return;
  const offset = date + 500 - Date.now();
  clockOffset = Math.abs(offset) > 1500 ? offset : 0;
}

/** The address with its query; what is null, undefined or empty is left out. */
export function address(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== "") search.set(name, String(value));
  }
  const text = search.toString();
  return text === "" ? path : `${path}?${text}`;
}

/** A part of a path. */
export function segment(id: string): string {
  return encodeURIComponent(id);
}

function bodyOf(body: unknown): { headers: Record<string, string>; body?: BodyInit } {
  if (body === undefined) return { headers: {} };
  if (body instanceof Blob) return { headers: { "Content-Type": body.type || "application/octet-stream" }, body };
  return { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
}

async function send(method: string, path: string, body: unknown, { query, signal, etag }: Options): Promise<Response> {
  const { headers, ...rest } = bodyOf(body);
  const response = await fetch(address(path, query), {
    method,
    headers: { Accept: "application/json", ...headers, ...(etag !== undefined && { "If-Match": etag }) },
    ...rest,
    ...(signal !== undefined && { signal }),
    credentials: "same-origin",
    cache: "no-store",
  });
  learnTime(response);
  if (response.ok) return response;
  const problem = (await response.json().catch(() => ({}))) as ProblemDocument;
  const retry = Number(response.headers.get("retry-after") ?? Number.NaN);
  throw new ApiProblem(response.status, problem.code ?? "", problem.detail ?? "", Number.isFinite(retry) ? retry : undefined, problem);
}

async function json<T>(response: Response): Promise<T> {
  if (response.status === 204) return undefined as T;
  return (await response.json()) as T;
}

async function versioned<T>(response: Response): Promise<Versioned<T>> {
  return { value: await json<T>(response), etag: response.headers.get("etag") ?? "" };
}

export const http = {
  async get<T>(path: string, options: Options = {}): Promise<T> {
    return json<T>(await send("GET", path, undefined, options));
  },

  async read<T>(path: string, options: Options = {}): Promise<Versioned<T>> {
    return versioned<T>(await send("GET", path, undefined, options));
  },

  async post<T>(path: string, body?: unknown, options: Options = {}): Promise<T> {
    return json<T>(await send("POST", path, body, options));
  },

  async create<T>(path: string, body: unknown, options: Options = {}): Promise<Versioned<T>> {
    return versioned<T>(await send("POST", path, body, options));
  },

  /** Changes the fields that are given, if the thing is still at that version; see `newerVersion`. */
  async patch<T>(path: string, body: unknown, etag: string, options: Options = {}): Promise<Versioned<T>> {
    return versioned<T>(await send("PATCH", path, body, { ...options, etag }));
  },

  /** `body` is JSON, or a Blob that goes out as it is. */
  async put<T>(path: string, body: unknown, options: Options = {}): Promise<Versioned<T>> {
    return versioned<T>(await send("PUT", path, body, options));
  },

  async delete(path: string, options: Options = {}): Promise<void> {
    await send("DELETE", path, undefined, options);
  },

  /** All of a list, page after page: for lists that are short by nature. */
  async all<T>(path: string, options: Options = {}): Promise<T[]> {
    const items: T[] = [];
    let cursor: string | null = null;
    do {
      const page: Page<T> = await http.get<Page<T>>(path, { ...options, query: { limit: 200, ...options.query, cursor } });
      items.push(...page.items);
      cursor = page.next;
    } while (cursor !== null);
    return items;
  },
};
