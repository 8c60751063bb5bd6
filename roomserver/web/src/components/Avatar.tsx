import styles from "./Avatar.module.css";
import { colourOf, initials } from "./initials";

/** A person without a picture: initials on a colour that stays the same for the same person. */
export function Avatar({ name, id }: { name: string; id: string }) {
  return (
    <span className={[styles["avatar"], styles[`colour${colourOf(id)}`]].join(" ")} aria-hidden>
      {initials(name)}
    </span>
  );
}
