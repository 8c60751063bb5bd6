import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// The server's address while developing the pages with `npm run dev`.
const server = "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react()],
  build: {
    target: "es2022",
    // Every asset is a file of its own host: a strict Content-Security-Policy needs no data: or blob: sources.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: {
      "/api": server,
      "/ws": { target: server, ws: true },
    },
  },
  test: { include: ["tests/**/*.test.ts"] },
});
