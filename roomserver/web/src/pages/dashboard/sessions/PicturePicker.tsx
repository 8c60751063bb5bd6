import { Trash2, Undo2 } from "lucide-react";
import { useCallback } from "react";
import { Button } from "../../../components/Button";
import { FileDrop } from "../../../components/FileDrop";
import { TextInput } from "../../../components/TextInput";
import type { Editing } from "../../../dashboard/useEditing";
import { d } from "../../../messages/dashboard";
import { bytes } from "../../../messages/formats";
import styles from "./SessionForm.module.css";
import type { Draft } from "./draft";

const ALT_MOST = 140;
const PICTURE_MOST = 2 * 1024 * 1024;

/** A picture from this device, or one of the server. */
export function Picture({ of, alt }: { of: string | Blob; alt: string }) {
  const show = useCallback(
    (image: HTMLImageElement | null) => {
      if (image === null) return;
      const address = typeof of === "string" ? of : URL.createObjectURL(of);
      image.src = address;
      return () => {
        if (typeof of !== "string") URL.revokeObjectURL(address);
      };
    },
    [of],
  );
  return <img ref={show} alt={alt} className={styles["picture"]} data-testid="picture-preview" />;
}

/** What is going to be the session's picture. */
export function pictureOf({ picture, new_picture }: Draft): string | Blob | null {
  return new_picture === undefined ? picture : new_picture;
}

export function PicturePicker({ editing: { values, set, errors } }: { editing: Editing<Draft> }) {
  const f = d.sessions.form;
  const picture = pictureOf(values);
  return (
    <>
      <div className={styles["pair"]}>
        {picture !== null && <Picture of={picture} alt={values.picture_alt} />}
        <FileDrop
          label={f.pictureChoose}
          hint={f.pictureHint(bytes(2_000_000))}
          accept="image/png,image/jpeg,image/gif,image/webp"
          most={PICTURE_MOST}
          onFile={(file) => set({ new_picture: file })}
          error={errors["new_picture"]}
          testId="session-picture"
        />
      </div>
      {picture !== null && (
        <>
          <TextInput
            label={f.pictureAlt}
            hint={f.pictureAltHint}
            value={values.picture_alt}
            onChange={(picture_alt) => set({ picture_alt })}
            most={ALT_MOST}
            error={errors["picture_alt"]}
            testId="session-picture-alt"
          />
          <div>
            <Button
              icon={<Trash2 size={18} aria-hidden />}
              onClick={() => set({ new_picture: values.picture === null ? undefined : null })}
              data-testid="remove-picture"
            >
              {f.pictureRemove}
            </Button>
          </div>
        </>
      )}
      {values.new_picture === null && (
        <div className={styles["row"]} role="status">
          <span>{f.pictureRemoved}</span>
          <Button icon={<Undo2 size={18} aria-hidden />} onClick={() => set({ new_picture: undefined })}>
            {f.pictureUndo}
          </Button>
        </div>
      )}
    </>
  );
}
