import { Mic2 } from "lucide-react";
import { EmptyState } from "../../components/EmptyState";
import { d } from "../../messages/dashboard";
import { NamedList } from "./named/NamedList";

export function PresentersPage() {
  return (
    <NamedList
      kind="presenters"
      texts={{ ...d.presenters.list, title: d.frame.pages.presenters }}
      empty={
        <EmptyState testId="no-presenters" icon={<Mic2 size={32} aria-hidden />} title={d.presenters.empty}>
          <p>{d.presenters.emptyHint}</p>
        </EmptyState>
      }
    />
  );
}
