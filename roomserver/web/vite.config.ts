import react from "@vitejs/plugin-react";
import { loadEnv } from "vite";
import { defineConfig } from "vitest/config";

// The server behind the pages while developing them with `npm run dev`.
const server = loadEnv("", ".", "VITE_")["VITE_SERVER"] ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react()],
  // The client library comes from its source, so that a change of it shows at once.
  resolve: { tsconfigPaths: true },
  build: {
    target: "es2022",
    // The first browsers with light-dark(), from which both themes are made.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    // Every asset is a file of its own host: a strict Content-Security-Policy needs no data: or blob: sources.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: {
      // The server hears the name of this host, and so the browser is of the same origin as its sockets.
      "/api": { target: server, changeOrigin: false },
      "/ws": { target: server, changeOrigin: false, ws: true },
    },
  },
  test: { include: ["tests/**/*.test.ts", "packages/*/tests/**/*.test.ts"], css: true, setupFiles: ["tests/support/english.ts"] },
});
