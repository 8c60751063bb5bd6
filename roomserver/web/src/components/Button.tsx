import type { ComponentProps, ReactNode } from "react";
import { Link } from "wouter";
import styles from "./Button.module.css";

export type ButtonLook = "primary" | "plain" | "danger" | "quiet";

interface ButtonProps extends ComponentProps<"button"> {
  look?: ButtonLook;
  icon?: ReactNode;
  /** Work under way: it stays in focus, and further clicks do nothing. */
  busy?: boolean;
}

function classes(look: ButtonLook, ...more: (string | false | undefined)[]): string {
  return [styles["button"], styles[look], ...more].filter(Boolean).join(" ");
}

export function Button({ look = "plain", icon, busy = false, children, className, onClick, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      className={classes(look, className)}
      onClick={(event) => {
        if (busy) event.preventDefault();
        else onClick?.(event);
      }}
    >
      {busy ? <span className={styles["wheel"]} aria-hidden /> : icon}
      <span>{children}</span>
    </button>
  );
}

interface ButtonLinkProps {
  href: string;
  look?: ButtonLook;
  icon?: ReactNode;
  children: ReactNode;
  className?: string | undefined;
  /** Leaves the pages, or fetches a file: the browser follows it itself. */
  outside?: boolean;
  download?: boolean | string;
  "aria-label"?: string;
  "data-testid"?: string;
}

/** A link that looks like a button: it leads somewhere, where a button does something. */
export function ButtonLink({ href, look = "plain", icon, children, className, outside = false, ...rest }: ButtonLinkProps) {
  const inside = (
    <>
      {icon}
      <span>{children}</span>
    </>
  );
  return outside || rest.download !== undefined ? (
    <a href={href} className={classes(look, className)} {...rest}>
      {inside}
    </a>
  ) : (
    <Link href={href} className={classes(look, className)} {...rest}>
      {inside}
    </Link>
  );
}

interface IconButtonProps extends ComponentProps<"button"> {
  label: string;
  icon: ReactNode;
  look?: ButtonLook;
  small?: boolean;
}

/** A button that shows only an icon; `label` is its name. */
export function IconButton({ label, icon, look = "quiet", small = false, className, ...rest }: IconButtonProps) {
  return (
    <button type="button" aria-label={label} title={label} {...rest} className={classes(look, styles["icon"], small && styles["small"], className)}>
      {icon}
    </button>
  );
}
