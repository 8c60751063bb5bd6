import type { ReactNode } from "react";
import styles from "./Badge.module.css";

interface BadgeProps {
  tone?: "plain" | "accent" | "good" | "warning" | "danger" | "live";
  icon?: ReactNode;
  children: ReactNode;
  testId?: string;
}

/** A word about a thing's state. */
export function Badge({ tone = "plain", icon, children, testId }: BadgeProps) {
  return (
    <span className={[styles["badge"], styles[tone]].join(" ")} data-testid={testId}>
      {icon}
      {children}
    </span>
  );
}
