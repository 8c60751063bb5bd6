import { useCallback, useRef, useState } from "react";
import { putOnAgenda, takeOffAgenda } from "../../browser/api/agenda";
import type { Segment } from "../../browser/api/schedule";
import { sayProblem } from "../../browser/sayProblem";
import { useTell } from "../../components/Notices";
import { t } from "../../messages";

export interface Agenda {
  has: (segment: Segment) => boolean;
  set: (segment: Segment, on: boolean) => void;
}

/** This person's agenda: a click shows at once, and is taken back if the server doesn't do it. */
export function useAgenda(): Agenda {
  const [chosen, setChosen] = useState<ReadonlyMap<string, boolean>>(new Map());
  // One after the other: two clicks on one segment must reach the server in their order.
  const last = useRef(Promise.resolve());
  const tell = useTell();
  const choose = useCallback((id: string, on: boolean) => setChosen((known) => new Map(known).set(id, on)), []);
  const send = useCallback(
    (segment: Segment, on: boolean) => {
      choose(segment.id, on);
      last.current = last.current
        .then(() => (on ? putOnAgenda(segment.id) : takeOffAgenda(segment.id)))
        .catch((error: unknown) => {
          choose(segment.id, !on);
          tell(t.schedule.agendaFailed(segment.title, sayProblem(error)), "error");
        });
    },
    [choose, tell],
  );
  const has = ({ id, on_agenda }: Segment): boolean => chosen.get(id) ?? on_agenda;
  const set = (segment: Segment, on: boolean): void => {
    send(segment, on);
    if (!on) tell(t.schedule.takenOff(segment.title), "info", { label: t.general.undo, onSelect: () => send(segment, true) });
  };
  return { has, set };
}
