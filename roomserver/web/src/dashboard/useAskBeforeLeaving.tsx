import { type ReactNode, useEffect, useRef, useState } from "react";
import { askBeforeLeaving } from "../browser/leaving";
import { sayProblem } from "../browser/sayProblem";
import { ConfirmDialog } from "../components/ConfirmDialog";
import { d } from "../messages/dashboard";

/**
 * While there are changes that are not saved, leaving the page is asked about: by links, by going back, by closing it.
 * `question` is to be drawn; `letGo` frees the way at once, for a page that leads on by itself after it has saved.
 */
export function useAskBeforeLeaving(changes: boolean): { question: ReactNode; letGo: () => void } {
  const [leave, setLeave] = useState<() => void>();
  const release = useRef<() => void>(undefined);
  useEffect(() => {
    if (!changes) return;
    const stop = askBeforeLeaving((go) => setLeave(() => go));
    release.current = stop;
    return stop;
  }, [changes]);
  const letGo = (): void => release.current?.();
  return {
    letGo,
    question: leave !== undefined && (
      <ConfirmDialog
        title={d.frame.leaving.title}
        action={d.frame.leaving.leave}
        onConfirm={() => {
          letGo();
          leave();
        }}
        onClose={() => setLeave(undefined)}
        sayError={sayProblem}
        testId="leaving"
      >
        <p>{d.frame.leaving.hint}</p>
      </ConfirmDialog>
    ),
  };
}
