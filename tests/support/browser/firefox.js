// Drives one Firefox for tests: a JSON command a line on standard input, a JSON answer a line on standard output.
//
//   {"id": 1, "op": "open", "url": "http://..."}                    -> {"id": 1, "value": 0}          a page's number
//   {"id": 2, "op": "evaluate", "page": 0, "script": "...", "argument": ...}   -> {"id": 2, "value": ...}
//   {"id": 3, "op": "click", "page": 0, "selector": "..."}          -> {"id": 3, "value": null}       once it can be
//   {"id": 4, "op": "press", "page": 0, "key": "Enter"}             -> {"id": 4, "value": null}
//
// `script` is an expression, or a function that gets `argument`; promises are awaited. Failures answer
// {"id": 2, "error": "..."}. The end of the input closes the browser.
import { createInterface } from "node:readline";
import puppeteer from "puppeteer-core";

const [executablePath] = process.argv.slice(2);
const browser = await puppeteer.launch({
  browser: "firefox",
  executablePath,
  headless: true,
  extraPrefsFirefox: {
    "media.navigator.streams.fake": true,
    "media.navigator.permission.disabled": true,
    "media.autoplay.default": 0,
    "media.peerconnection.ice.loopback": true,
    "media.getusermedia.insecure.enabled": true,
    "media.gmp-manager.updateEnabled": false,
    "app.update.auto": false,
    "datareporting.policy.dataSubmissionEnabled": false,
  },
});
const pages = [];

const commands = {
  async open({ url }) {
    const page = await browser.newPage();
    await page.goto(url);
    return pages.push(page) - 1;
  },
  evaluate({ page, script, argument }) {
    const passed = JSON.stringify(argument ?? null);
    return pages[page].evaluate(`(async () => {
      const value = (${script});
      return (typeof value === "function" ? await value(${passed}) : await value) ?? null;
    })()`);
  },
  async click({ page, selector }) {
    await pages[page].locator(selector).setTimeout(20_000).click();
    return null;
  },
  async press({ page, key }) {
    await pages[page].keyboard.press(key);
    return null;
  },
};

function answer(message) {
  process.stdout.write(JSON.stringify(message) + "\n");
}

answer({ ready: await browser.version() });
for await (const line of createInterface({ input: process.stdin })) {
  const { id, op, ...fields } = JSON.parse(line);
  // Not awaited: a script that waits for something must not hold up the next command.
  commands[op](fields).then(
    (value) => answer({ id, value }),
    (error) => answer({ id, error: String(error.message ?? error) }),
  );
}
await browser.close();
