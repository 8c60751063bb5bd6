/**
 * The site that embeds a room: serves the page and the library's files, and gets tickets with a token that stays here.
 *
 *   ROOMSERVER_TOKEN=... node server.mjs [session]
 *
 * ROOMSERVER_URL is where roomserver runs (http://127.0.0.1:8080), PORT where this site does (8090); `session` is a
 * session's id, else the first session there is.
 */
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";

const rooms = process.env.ROOMSERVER_URL ?? "http://127.0.0.1:8080";
const session = process.argv[2] ?? (await api("GET", "/api/sessions")).items[0].id;
const registered = new Map(); // name -> token; your site keeps this with its users

async function api(method, path, { token = process.env.ROOMSERVER_TOKEN, body } = {}) {
  const answer = await fetch(rooms + path, {
    method,
    headers: { Authorization: `Bearer ${token}`, ...(body && { "Content-Type": "application/json" }) },
    body: body && JSON.stringify(body),
  });
  const document = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(document.detail), { status: answer.status });
  return document;
}

/** Your site knows who is signed in. This one believes whatever name it is told. */
async function ticketFor(name) {
  if (!registered.has(name)) {
    const person = await api("POST", "/api/registrants", { body: { name } });
    registered.set(name, (await api("POST", `/api/registrants/${person.id}/token`)).token);
  }
  return JSON.stringify(await api("POST", `/api/sessions/${session}/join`, { token: registered.get(name) }));
}

const library = new URL("../dist/", import.meta.url);
const page = new URL("index.html", import.meta.url);
const policy = `default-src 'self' 'unsafe-inline'; connect-src 'self' ${rooms.replace(/^http/, "ws")}`;

const site = createServer(async (request, response) => {
  const url = new URL(request.url, "http://site");
  try {
    if (request.method === "POST" && url.pathname === "/ticket") {
      const ticket = await ticketFor(url.searchParams.get("name") ?? "Guest");
      response.writeHead(200, { "Content-Type": "application/json", "Cache-Control": "no-store" }).end(ticket);
    } else if (url.pathname === "/") {
      response.writeHead(200, { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy }).end(await readFile(page));
    } else {
      const file = /^\/roomserver-client\/((?:browser\/)?index\.js)$/.exec(url.pathname)?.[1];
      const script = file && (await readFile(new URL(file, library)));
      response.writeHead(script ? 200 : 404, { "Content-Type": "text/javascript" }).end(script);
    }
  } catch (error) {
    response.writeHead(error.status ?? 502, { "Content-Type": "application/problem+json" });
    response.end(JSON.stringify({ detail: error.message }));
  }
});
site.listen(Number(process.env.PORT ?? 8090), "127.0.0.1", () => {
  console.log(`http://127.0.0.1:${site.address().port}/?name=Ada`);
});
