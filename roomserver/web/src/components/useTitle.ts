import { useEffect } from "react";
import { PRODUCT } from "../messages";

/** The document's title while this is drawn; the product's name where there is none. */
export function useTitle(title: string | undefined): void {
  useEffect(() => {
    document.title = title === undefined || title === PRODUCT ? PRODUCT : `${title} · ${PRODUCT}`;
  }, [title]);
}
