/** Asking before one leaves a page with work on it that is not saved. */

type Leave = () => void;
type Ask = (leave: Leave) => void;

let ask: Ask | undefined;

/** For wouter's `aroundNav`: every link and every step within the pages comes by here. */
export function aroundNavigation<Options>(navigate: (to: string, options?: Options) => void, to: string, options?: Options): void {
  if (ask === undefined) navigate(to, options);
  else ask(() => navigate(to, options));
}

/** From now on `question` is asked before the page is left, until the function that comes back is called. */
export function askBeforeLeaving(question: Ask): () => void {
  const onUnload = (event: BeforeUnloadEvent): void => event.preventDefault();
  // Going back has happened when one hears of it: the page is put in place again, and left once the answer is yes.
  const here = location.href;
  const onPop = (event: PopStateEvent): void => {
    event.stopImmediatePropagation();
    history.pushState(null, "", here);
    question(() => history.back());
  };
  ask = question;
  window.addEventListener("beforeunload", onUnload);
  window.addEventListener("popstate", onPop, { capture: true });
  return () => {
    if (ask === question) ask = undefined;
    window.removeEventListener("beforeunload", onUnload);
    window.removeEventListener("popstate", onPop, { capture: true });
  };
}
