import js from "@eslint/js";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["**/dist"] },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  { languageOptions: { parserOptions: { projectService: { allowDefaultProject: ["eslint.config.js", "packages/client/example/*.mjs"] } } } },
  {
    rules: {
      // Numbers in texts are meant; objects are not.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // `() => void something()` reads better than a block for event handlers.
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
    },
  },
  // A file or function that grows past this is asking to be two.
  { files: ["src/**", "packages/*/src/**"], rules: { "max-lines": ["error", 400], "max-lines-per-function": ["error", 65] } },
  { files: ["src/**/*.tsx", "src/**/*.ts"], ...reactHooks.configs.flat["recommended-latest"] },
  { files: ["eslint.config.js"], ...tseslint.configs.disableTypeChecked },
  // A program for Node, which has its types nowhere here.
  { files: ["packages/client/example/*.mjs"], ...tseslint.configs.disableTypeChecked },
  {
    files: ["packages/client/example/*.mjs"],
    languageOptions: { globals: { URL: "readonly", console: "readonly", fetch: "readonly", process: "readonly" } },
  },
);
