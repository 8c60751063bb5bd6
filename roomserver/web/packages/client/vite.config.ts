import { defineConfig } from "vite";

// Both entries with everything they need: the package has no dependencies, and pages without a bundler can use its files.
export default defineConfig({
  build: {
    target: "es2022",
    sourcemap: true,
    lib: { entry: { index: "src/index.ts", "browser/index": "src/browser/index.ts" }, formats: ["es"] },
    license: { fileName: "THIRD-PARTY.md" },
  },
});
