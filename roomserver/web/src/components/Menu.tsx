import { MoreHorizontal } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useId, useRef } from "react";
import styles from "./Menu.module.css";

export interface MenuItem {
  label: string;
  icon: ReactNode;
  onSelect: () => void;
  danger?: boolean;
  testId?: string;
}

interface MenuProps {
  label: string;
  items: MenuItem[];
  className?: string | undefined;
}

const MARGIN = 8;

/** Below the button and aligned with its end, or above it where there is no room. */
function place(menu: HTMLElement, anchor: DOMRect): void {
  const box = menu.getBoundingClientRect();
  const left = Math.min(Math.max(MARGIN, anchor.right - box.width), window.innerWidth - box.width - MARGIN);
  const below = anchor.bottom + 4;
  const top = below + box.height + MARGIN > window.innerHeight ? Math.max(MARGIN, anchor.top - box.height - 4) : below;
  menu.style.left = `${left}px`;
  menu.style.top = `${top}px`;
}

function entries(menu: HTMLElement): HTMLElement[] {
  return [...menu.querySelectorAll<HTMLElement>("[role=menuitem]")];
}

function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  if (event.key === "Tab") {
    event.currentTarget.hidePopover();
    return;
  }
  const all = entries(event.currentTarget);
  const at = all.indexOf(document.activeElement as HTMLElement);
  const targets: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 };
  const target = targets[event.key];
  if (target === undefined) return;
  event.preventDefault();
  all.at(target >= all.length ? 0 : target)?.focus();
}

/** A "…" button that opens a menu above everything else on the page. Arrow keys move, Escape closes. */
export function Menu({ label, items, className }: MenuProps) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);

  return (
    <>
      <button
        ref={button}
        type="button"
        className={[styles["button"], className].filter(Boolean).join(" ")}
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        popoverTarget={id}
      >
        <MoreHorizontal size={18} aria-hidden />
      </button>
      <div
        ref={list}
        id={id}
        popover="auto"
        role="menu"
        aria-label={label}
        className={styles["menu"]}
        onKeyDown={moveFocus}
        onToggle={(event) => {
          if (event.newState !== "open" || button.current === null) return;
          place(event.currentTarget, button.current.getBoundingClientRect());
          entries(event.currentTarget)[0]?.focus();
        }}
      >
        {items.map((item) => (
          <button
            key={item.label}
            type="button"
            role="menuitem"
            tabIndex={-1}
            data-testid={item.testId}
            className={[styles["item"], item.danger === true && styles["danger"]].filter(Boolean).join(" ")}
            onClick={() => {
              list.current?.hidePopover();
              button.current?.focus();
              item.onSelect();
            }}
          >
            {item.icon}
            {item.label}
          </button>
        ))}
      </div>
    </>
  );
}
