import { describe, expect, it } from "vitest";
import { speak, t } from "../../src/messages";
import { setLocale } from "../../src/messages/formats";
import { type Language, bestLanguage, languages, localeOf } from "../../src/messages/languages";
import { texts as ar } from "../../src/messages/ar";
import { texts as arDashboard } from "../../src/messages/ar/dashboard";
import { texts as de } from "../../src/messages/de";
import { texts as deDashboard } from "../../src/messages/de/dashboard";
import { texts as en } from "../../src/messages/en";
import { texts as enDashboard } from "../../src/messages/en/dashboard";

const all: Record<Language, unknown> = { en: [en, enDashboard], de: [de, deDashboard], ar: [ar, arDashboard] };

/** Every text with its path; those that take values are called with numbers or with names, whichever they take. */
function* textsOf(node: unknown, path: string): Generator<[string, string]> {
  if (typeof node === "string") yield [path, node];
  else if (typeof node === "function") {
    for (const value of [0, 1, 2, 3, 11, 100]) {
      const made: unknown = (node as (...values: unknown[]) => unknown)(...Array.from({ length: node.length }, () => value));
      yield [`${path}(${value})`, String(made)];
    }
  } else if (typeof node === "object" && node !== null) {
    for (const [name, child] of Object.entries(node)) yield* textsOf(child, `${path}.${name}`);
  }
}

describe.each(Object.keys(languages) as Language[])("the texts in %s", (language) => {
  it("are all there", () => {
    setLocale(localeOf(language, []));
    for (const [path, text] of textsOf(all[language], language)) {
      expect(text, path).not.toMatch(/^\s*$|undefined|NaN|\[object|(?<!Markdown: )#/);
    }
    setLocale("en");
  });
});

describe("Arabic", () => {
  it("is written in Arabic, names and codes apart", () => {
    for (const [path, text] of textsOf([ar, arDashboard], "ar")) {
      expect(text.replace(/https:\/\//g, ""), path).toMatch(/\p{Script=Arabic}|^[\d\s/:,.%]+$/u);
    }
  });

  it("tells one, two, few and many apart", () => {
    const said = [1, 2, 3, 11, 100].map((count) => ar.connection.retryIn(count));
    expect(new Set(said).size).toBe(5);
  });
});

describe("the language", () => {
  it("is the first of the person's that the pages speak", () => {
    expect(bestLanguage(["fr-FR", "de-AT", "en"])).toBe("de");
    expect(bestLanguage(["AR-eg"])).toBe("ar");
    expect(bestLanguage(["fr", "constructor"])).toBe("en");
    expect(bestLanguage([])).toBe("en");
  });

  it("is written as in the person's region, with the digits of input fields", () => {
    expect(localeOf("en", ["de-DE", "en-GB"])).toBe("en-GB");
    expect(localeOf("de", ["en-GB"])).toBe("de");
    expect(new Intl.NumberFormat(localeOf("ar", ["ar-EG"])).format(12)).toBe("12");
  });

  it("changes all texts at once", async () => {
    await speak("de");
    expect(t.general.close).toBe("Schließen");
    await speak("en");
    expect(t.general.close).toBe("Close");
  });
});
