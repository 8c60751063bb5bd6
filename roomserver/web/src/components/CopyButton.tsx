import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { t } from "../messages";
import { Button } from "./Button";
import { useTell } from "./Notices";

interface CopyButtonProps {
  text: string;
  label?: string;
  look?: "primary" | "plain";
  testId?: string;
}

/** Copies `text` to the clipboard, and says so. */
export function CopyButton({ text, label = t.widgets.copy, look = "plain", testId }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  const tell = useTell();
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2_500);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      // No permission, or not a secure page.
      tell(t.widgets.copyFailed, "error");
    }
  };
  return (
    <>
      <Button look={look} icon={copied ? <Check size={18} aria-hidden /> : <Copy size={18} aria-hidden />} onClick={() => void copy()} data-testid={testId}>
        {copied ? t.widgets.copied : label}
      </Button>
      <span className="visually-hidden" role="status">
        {copied ? t.widgets.copied : ""}
      </span>
    </>
  );
}
