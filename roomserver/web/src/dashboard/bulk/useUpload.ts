import { useEffect, useState } from "react";
import { type BulkKind, type ImportAnswer, type ImportProgress, importSheet, readImport } from "../../browser/api/spreadsheets";
import { sayProblem } from "../../browser/sayProblem";

/** Milliseconds between two looks at the progress. */
const EVERY = 700;

export interface Upload {
  /** The file's name, once one is chosen. */
  name: string | undefined;
  /** What the file would change, and what is wrong with it. */
  answer: ImportAnswer | undefined;
  /** Why it could not be read or applied. */
  problem: string | undefined;
  busy: "checking" | "applying" | undefined;
  /** While it takes longer than a moment. */
  progress: ImportProgress | undefined;
  choose: (file: File) => Promise<void>;
  /** Carries it out; what came of it, or undefined if nothing was changed. */
  apply: () => Promise<ImportAnswer | undefined>;
}

interface State {
  file: { name: string; sheet: Blob } | undefined;
  answer: ImportAnswer | undefined;
  problem: string | undefined;
  running: { busy: "checking" | "applying"; name: string } | undefined;
}

/** One upload: a dry run of each file that is chosen, then the last one for good. */
export function useUpload(kind: BulkKind): Upload {
  const [state, setState] = useState<State>({ file: undefined, answer: undefined, problem: undefined, running: undefined });
  const progress = useProgress(state.running?.name);
  const run = async (file: NonNullable<State["file"]>, busy: "checking" | "applying"): Promise<ImportAnswer | undefined> => {
    const name = newName();
    setState((known) => ({ ...known, file, problem: undefined, running: { busy, name }, ...(busy === "checking" && { answer: undefined }) }));
    try {
      const answer = await importSheet(kind, file.sheet, busy === "checking", name);
      setState({ file, answer, problem: undefined, running: undefined });
      return answer;
    } catch (error) {
      setState((known) => ({ ...known, problem: sayProblem(error), running: undefined }));
      return undefined;
    }
  };
  return {
    name: state.file?.name,
    answer: state.answer,
    problem: state.problem,
    busy: state.running?.busy,
    progress,
    // As it is now: what is applied is what was checked, even if the file is saved again meanwhile.
    choose: async (file) => {
      await run({ name: file.name, sheet: new Blob([await file.arrayBuffer()], { type: file.type }) }, "checking");
    },
    apply: async () => (state.file === undefined ? undefined : run(state.file, "applying")),
  };
}

function useProgress(name: string | undefined): ImportProgress | undefined {
  const [known, setKnown] = useState<{ name: string; progress: ImportProgress }>();
  useEffect(() => {
    if (name === undefined) return;
    const abort = new AbortController();
    const timer = setInterval(() => {
      readImport(name, abort.signal).then(
        (progress) => setKnown({ name, progress }),
        () => undefined, // the import itself says what went wrong
      );
    }, EVERY);
    return () => {
      clearInterval(timer);
      abort.abort();
    };
  }, [name]);
  return known !== undefined && known.name === name ? known.progress : undefined;
}

/** Not `randomUUID`: that one is there on secure pages only. */
function newName(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
