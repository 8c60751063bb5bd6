import { type SyntheticEvent, useId, useState } from "react";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { TextInput } from "../../components/TextInput";
import { Refused } from "roomserver-client";
import { t } from "../../messages";
import { CapLine } from "../CapLine";
import { useSession } from "../context";
import { sayError } from "../say";

/** Asks for the link of a video; what the server has against it stands at the field. */
export function VideoDialog({ onClose }: { onClose: () => void }) {
  const { room } = useSession();
  const form = useId();
  const [link, setLink] = useState("");
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);

  const submit = async (event: SyntheticEvent): Promise<void> => {
    event.preventDefault();
    if (link.trim() === "") {
      setProblem(t.video.missing);
      return;
    }
    setBusy(true);
    try {
      await room.shareVideo(link.trim());
      onClose();
    } catch (error) {
      setBusy(false);
      // "Already sharing" is about the video here, whoever shares it.
      setProblem(error instanceof Refused && error.code === "already_sharing" ? t.refusals.video_shared : sayError(error));
    }
  };

  return (
    <Dialog
      title={t.video.title}
      onClose={onClose}
      testId="video-dialog"
      actions={
        <>
          <Button onClick={onClose}>{t.general.cancel}</Button>
          <Button look="primary" type="submit" form={form} busy={busy} data-testid="video-start">
            {t.video.start}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={(event) => void submit(event)} noValidate>
        <TextInput
          first
          required
          type="url"
          label={t.video.link}
          hint={t.video.linkHint}
          placeholder="https://www.youtube.com/watch?v=…"
          value={link}
          error={problem}
          onChange={(value) => {
            setLink(value);
            setProblem(undefined);
          }}
          testId="video-link"
        />
      </form>
      <CapLine />
    </Dialog>
  );
}
