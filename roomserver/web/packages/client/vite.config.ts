import { defineConfig } from "vite";

// Each entry is one file that needs nothing installed, so that pages without a bundler can use them too.
export default defineConfig({
  build: {
    target: "es2022",
    sourcemap: true,
    minify: false,
    lib: { entry: { index: "src/index.ts", "browser/index": "src/browser/index.ts" }, formats: ["es"] },
    // The browser's entry imports the core's file as it is, and the core is there once.
    rolldownOptions: { external: "../index.js" },
    license: { fileName: "THIRD-PARTY.md" },
  },
});
