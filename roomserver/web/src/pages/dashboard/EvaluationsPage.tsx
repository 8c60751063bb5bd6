import { useSearchParams } from "wouter";
import { EvaluationList } from "./evaluations/EvaluationList";
import { EvaluationView } from "./evaluations/EvaluationView";

/** All evaluations, or that of one session: `?session=`. */
export function EvaluationsPage() {
  const [search] = useSearchParams();
  const session = search.get("session");
  return session === null ? <EvaluationList /> : <EvaluationView key={session} session={session} />;
}
