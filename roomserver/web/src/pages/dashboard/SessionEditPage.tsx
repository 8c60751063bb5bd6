import { ArrowLeft, DoorOpen } from "lucide-react";
import { useCallback } from "react";
import { useSearchParams } from "wouter";
import type { Versioned } from "../../browser/api/http";
import { ButtonLink } from "../../components/Button";
import { CopyButton } from "../../components/CopyButton";
import { Loaded } from "../../components/Loaded";
import { PageHeading } from "../../components/PageFrame";
import { useResource } from "../../components/useResource";
import { d } from "../../messages/dashboard";
import { SessionForm } from "./sessions/SessionForm";
import { type Draft, NEW_DRAFT, copyDraft, readDraft } from "./sessions/draft";
import { type Lookups, linkTo, loadLookups } from "./sessions/lookups";

interface Visit {
  start: Versioned<Draft>;
  lookups: Lookups;
}

/** What the form begins with: the session, a copy of another, or nothing but defaults. */
async function begin(id: string | undefined, copied: string | null, signal: AbortSignal): Promise<Versioned<Draft>> {
  if (id !== undefined) return readDraft(id, signal);
  const value = copied === null ? NEW_DRAFT : await copyDraft(copied, d.sessions.copyOf, signal);
  return { value, etag: "" };
}

/** A session's form; without an id, of one that is to be made. */
export function SessionEditPage({ id }: { id: string | undefined }) {
  const [search] = useSearchParams();
  const copied = search.get("copy");
  const load = useCallback(
    async (signal: AbortSignal): Promise<Visit> => {
      const [start, lookups] = await Promise.all([begin(id, copied, signal), loadLookups(id, signal)]);
      return { start, lookups };
    },
    [id, copied],
  );
  const visit = useResource(load);
  const title = id === undefined ? d.sessions.form.newTitle : (visit.data?.start.value.title ?? d.frame.pages.sessions);
  return (
    <>
      <PageHeading
        title={title}
        back={
          <ButtonLink look="quiet" href="/dashboard/sessions" icon={<ArrowLeft size={18} className="points" aria-hidden />} data-testid="back-to-sessions">
            {d.sessions.form.back}
          </ButtonLink>
        }
        actions={
          id !== undefined && (
            <>
              <ButtonLink href={`/sessions/${id}`} icon={<DoorOpen size={18} aria-hidden />} data-testid="open-room">
                {d.sessions.openRoom}
              </ButtonLink>
              <CopyButton text={linkTo(id)} label={d.sessions.copyLink} testId="copy-link" />
            </>
          )
        }
      />
      <Loaded resource={visit} rows={6}>
        {({ start, lookups }) => <SessionForm start={start} lookups={lookups} onSaved={visit.reload} />}
      </Loaded>
    </>
  );
}
