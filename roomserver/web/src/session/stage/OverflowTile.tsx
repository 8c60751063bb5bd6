import { Avatar } from "../../components/Avatar";
import { t } from "../../messages";
import styles from "./OverflowTile.module.css";
import type { Size } from "./layout";

/** Those on screen who have no tile of their own now; they come forward when they speak. */
export function OverflowTile({ names, size, onShowAll }: { names: { id: string; name: string }[]; size: Size; onShowAll: () => void }) {
  return (
    <button
      type="button"
      className={styles["overflow"]}
      style={{ width: size.width, height: size.height, "--tile": `${Math.min(size.width, size.height)}px` } as React.CSSProperties}
      title={t.tile.overflowLabel(names.length)}
      data-testid="overflow-tile"
      data-count={names.length}
      onClick={onShowAll}
    >
      <span className={styles["faces"]} aria-hidden>
        {names.slice(0, 3).map(({ id, name }) => (
          <Avatar key={id} id={id} name={name} />
        ))}
      </span>
      <span className={styles["count"]}>{t.tile.overflow(names.length)}</span>
    </button>
  );
}
