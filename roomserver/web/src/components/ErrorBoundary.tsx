import { TriangleAlert } from "lucide-react";
import { Component, type ReactNode } from "react";
import { t } from "../messages";
import { Button } from "./Button";
import { MessagePage } from "./Page";

/** A page that breaks says so, instead of going blank: also when a part of it can't be loaded after an update of the server. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true };
  }

  override render(): ReactNode {
    if (!this.state.broken) return this.props.children;
    return (
      <MessagePage
        testId="broken"
        icon={<TriangleAlert size={32} aria-hidden />}
        title={t.general.brokenTitle}
        actions={
          <Button look="primary" onClick={() => location.reload()}>
            {t.general.reload}
          </Button>
        }
      >
        <p role="alert">{t.general.broken}</p>
      </MessagePage>
    );
  }
}
