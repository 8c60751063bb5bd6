/** Asking before one leaves a page with work on it that is not saved. */

type Ask = (leave: () => void) => void;

/** The page that asks, and its address. */
let asking: { ask: Ask; address: string } | undefined;

/** For wouter's `aroundNav`: every link and every step within the pages comes by here. */
export function aroundNavigation<Options>(navigate: (to: string, options?: Options) => void, to: string, options?: Options): void {
  if (asking === undefined) navigate(to, options);
  else asking.ask(() => navigate(to, options));
}

// Going back has happened when one hears of it: the page is put in place again, and left once the answer is yes. From
// the start on, because listeners of a window are called in the order in which they came, and wouter's must not be.
window.addEventListener("popstate", (event) => {
  if (asking === undefined) return;
  event.stopImmediatePropagation();
  history.pushState(null, "", asking.address);
  asking.ask(() => history.back());
});

/** From now on `ask` is called before the page is left, until the function that comes back is called. */
export function askBeforeLeaving(ask: Ask): () => void {
  const mine = { ask, address: location.href };
  const onUnload = (event: BeforeUnloadEvent): void => event.preventDefault();
  asking = mine;
  window.addEventListener("beforeunload", onUnload);
  return () => {
    if (asking === mine) asking = undefined;
    window.removeEventListener("beforeunload", onUnload);
  };
}
