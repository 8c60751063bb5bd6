import { type SyntheticEvent, useId, useState } from "react";
import { ApiProblem } from "../browser/api/http";
import { signInToModerate } from "../browser/api/room";
import { Button } from "../components/Button";
import { Dialog } from "../components/Dialog";
import { useTell } from "../components/Notices";
import { t } from "../messages";
import styles from "./ModeratorSignIn.module.css";
import { sayError } from "./say";

/** The link at the foot of the page, and its dialog: the password makes this person a moderator of the session. */
export function ModeratorSignIn({ session }: { session: string }) {
  const [open, setOpen] = useState(false);
  return (
    <footer className={styles["foot"]}>
      <button type="button" className={styles["link"]} onClick={() => setOpen(true)} data-testid="moderator-sign-in">
        {t.moderatorSignIn.open}
      </button>
      {open && <PasswordDialog session={session} onClose={() => setOpen(false)} />}
    </footer>
  );
}

function PasswordDialog({ session, onClose }: { session: string; onClose: () => void }) {
  const tell = useTell();
  const field = useId();
  const problemId = useId();
  const [password, setPassword] = useState("");
  const [problem, setProblem] = useState<string>();
  const [working, setWorking] = useState(false);

  const submit = async (event: SyntheticEvent): Promise<void> => {
    event.preventDefault();
    if (password === "") {
      setProblem(t.moderatorSignIn.empty);
      return;
    }
    setWorking(true);
    try {
      await signInToModerate(session, password);
      tell(t.moderatorSignIn.done);
      onClose();
    } catch (error) {
      setProblem(explain(error));
      setWorking(false);
    }
  };

  return (
    <Dialog title={t.moderatorSignIn.title} onClose={onClose} testId="moderator-dialog">
      <form className={styles["form"]} onSubmit={(event) => void submit(event)} noValidate>
        <p className={styles["explain"]}>{t.moderatorSignIn.explain}</p>
        <label htmlFor={field}>{t.moderatorSignIn.password}</label>
        <input
          id={field}
          type="password"
          autoComplete="off"
          data-autofocus
          value={password}
          aria-invalid={problem !== undefined}
          aria-describedby={problemId}
          data-testid="moderator-password"
          onChange={(event) => {
            setPassword(event.target.value);
            setProblem(undefined);
          }}
        />
        <p id={problemId} role="alert" className={styles["problem"]}>
          {problem}
        </p>
        <div className={styles["actions"]}>
          <Button onClick={onClose}>{t.general.cancel}</Button>
          <Button look="primary" type="submit" disabled={working}>
            {t.moderatorSignIn.submit}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function explain(error: unknown): string {
  if (error instanceof ApiProblem) {
    if (error.status === 403) return t.moderatorSignIn.wrong;
    if (error.status === 429) return t.moderatorSignIn.slow(error.retryAfter ?? 60);
    if (error.status === 422) return t.moderatorSignIn.wrong;
  }
  return sayError(error);
}
