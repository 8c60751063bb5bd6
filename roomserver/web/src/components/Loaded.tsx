import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { sayProblem } from "../browser/sayProblem";
import { t } from "../messages";
import { Button } from "./Button";
import { EmptyState } from "./EmptyState";
import { Skeleton } from "./Progress";
import type { Resource } from "./useResource";

/** What a resource holds; before that its shape, and where it can't be had, why, with another try. */
export function Loaded<T>({ resource, rows, children }: { resource: Resource<T>; rows?: number; children: (data: T) => ReactNode }) {
  if (resource.data !== undefined) return <>{children(resource.data)}</>;
  if (resource.error === undefined) return <Skeleton {...(rows !== undefined && { rows })} />;
  return <LoadFailed error={resource.error} onRetry={resource.reload} />;
}

export function LoadFailed({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  return (
    <div role="alert">
      <EmptyState
        testId="load-failed"
        icon={<CircleAlert size={32} aria-hidden />}
        title={sayProblem(error)}
        actions={
          <Button look="primary" onClick={onRetry}>
            {t.general.tryAgain}
          </Button>
        }
      />
    </div>
  );
}
