import { Check, MoreHorizontal } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useId, useRef } from "react";
import { useLocation } from "wouter";
import styles from "./Menu.module.css";

export interface MenuItem {
  label: string;
  icon?: ReactNode;
  /** Leads to this page; otherwise `onSelect` does something. */
  href?: string;
  onSelect?: () => void;
  /** One of several of which one holds. */
  checked?: boolean;
  danger?: boolean;
  disabled?: boolean;
  testId?: string;
  /** The language of the label, where it is not the page's. */
  lang?: string;
}

interface MenuProps {
  /** The button's name. */
  label: string;
  items: readonly MenuItem[];
  /** What the button shows instead of "…". */
  icon?: ReactNode;
  /** Written on the button. */
  text?: ReactNode;
  className?: string | undefined;
  testId?: string;
}

const MARGIN = 8;

/** Below the button and aligned with its end, or above it where there is no room. */
function place(menu: HTMLElement, button: HTMLElement): void {
  const anchor = button.getBoundingClientRect();
  const box = menu.getBoundingClientRect();
  const wanted = getComputedStyle(button).direction === "rtl" ? anchor.left : anchor.right - box.width;
  const left = Math.max(MARGIN, Math.min(wanted, window.innerWidth - box.width - MARGIN));
  const below = anchor.bottom + 4;
  const top = below + box.height + MARGIN > window.innerHeight ? Math.max(MARGIN, anchor.top - box.height - 4) : below;
  menu.style.left = `${left}px`;
  menu.style.top = `${top}px`;
}

function entries(menu: HTMLElement): HTMLElement[] {
  return [...menu.querySelectorAll<HTMLElement>("[role^=menuitem]:not(:disabled)")];
}

/** Where the key leads; typing a letter goes to the next entry that begins with it. */
function targetOf(key: string, all: HTMLElement[], at: number): HTMLElement | undefined {
  switch (key) {
    case "ArrowDown":
      return all[(at + 1) % all.length];
    case "ArrowUp":
      return all.at(at - 1);
    case "Home":
      return all[0];
    case "End":
      return all.at(-1);
    default:
      if (key.length !== 1 || key === " ") return undefined;
      return [...all.slice(at + 1), ...all].find((entry) => entry.textContent.trim().toLocaleLowerCase().startsWith(key.toLocaleLowerCase()));
  }
}

function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  if (event.key === "Tab") {
    event.currentTarget.hidePopover();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const all = entries(event.currentTarget);
  const target = targetOf(event.key, all, all.indexOf(document.activeElement as HTMLElement));
  if (target === undefined) return;
  event.preventDefault();
  target.focus();
}

/** A button that opens a menu above everything else on the page. Arrow keys move, Escape closes. */
export function Menu({ label, items, icon, text, className, testId }: MenuProps) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  return (
    <>
      <button
        ref={button}
        type="button"
        className={[styles["button"], text !== undefined && styles["text"], className].filter(Boolean).join(" ")}
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        popoverTarget={id}
        data-testid={testId}
      >
        {icon ?? <MoreHorizontal size={18} aria-hidden />}
        {text !== undefined && <span>{text}</span>}
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
          place(event.currentTarget, button.current);
          entries(event.currentTarget)[0]?.focus();
        }}
      >
        {items.map((item) => (
          <Entry
            key={item.label}
            item={item}
            onChosen={() => {
              list.current?.hidePopover();
              button.current?.focus();
            }}
          />
        ))}
      </div>
    </>
  );
}

function Entry({ item, onChosen }: { item: MenuItem; onChosen: () => void }) {
  const [, navigate] = useLocation();
  return (
    <button
      type="button"
      role={item.checked === undefined ? "menuitem" : "menuitemradio"}
      aria-checked={item.checked}
      tabIndex={-1}
      lang={item.lang}
      disabled={item.disabled}
      data-testid={item.testId}
      className={[styles["item"], item.danger === true && styles["danger"]].filter(Boolean).join(" ")}
      onClick={() => {
        onChosen();
        item.onSelect?.();
        if (item.href !== undefined) navigate(item.href);
      }}
    >
      {item.checked === undefined ? item.icon : <Check size={18} aria-hidden className={item.checked ? undefined : styles["unchecked"]} />}
      {item.label}
    </button>
  );
}
