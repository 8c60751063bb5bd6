/** Sentences about fields, by code; see the server's `faults.py`. Its own are English, and serve here. */
export const faults: Readonly<Partial<Record<string, string>>> = {};
