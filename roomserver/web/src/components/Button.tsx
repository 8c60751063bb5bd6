import type { ComponentProps, ReactNode } from "react";
import styles from "./Button.module.css";

interface ButtonProps extends ComponentProps<"button"> {
  look?: "primary" | "plain" | "danger" | "quiet";
  icon?: ReactNode;
}

export function Button({ look = "plain", icon, children, className, ...rest }: ButtonProps) {
  return (
    <button type="button" {...rest} className={[styles["button"], styles[look], className].filter(Boolean).join(" ")}>
      {icon}
      <span>{children}</span>
    </button>
  );
}

interface IconButtonProps extends ComponentProps<"button"> {
  label: string;
  icon: ReactNode;
}

/** A button that shows only an icon; `label` is its name. */
export function IconButton({ label, icon, className, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className={[styles["button"], styles["quiet"], styles["icon"], className].filter(Boolean).join(" ")}
    >
      {icon}
    </button>
  );
}
