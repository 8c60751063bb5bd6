import { Pencil, Plus, Trash2 } from "lucide-react";
import { type ReactNode, useCallback, useState } from "react";
import { NAME_MOST, type Named, type NamedKind, createNamed, deleteNamed, listNamed, renameNamed } from "../../../browser/api/named";
import { sayFaults, sayProblem } from "../../../browser/sayProblem";
import { Button, IconButton } from "../../../components/Button";
import { Card } from "../../../components/Card";
import { ConfirmDialog } from "../../../components/ConfirmDialog";
import { Dialog } from "../../../components/Dialog";
import { LoadFailed } from "../../../components/Loaded";
import { More } from "../../../components/More";
import { useTell } from "../../../components/Notices";
import { PageHeading } from "../../../components/PageFrame";
import { Skeleton } from "../../../components/Progress";
import { Table } from "../../../components/Table";
import { TextInput } from "../../../components/TextInput";
import { usePages } from "../../../components/useResource";
import { useFocusWrong } from "../../../dashboard/useFocusWrong";
import { t } from "../../../messages";
import styles from "./NamedList.module.css";

/** What is said of one kind of things. */
export interface NamedTexts {
  title: string;
  lead: string;
  newName: string;
  add: string;
  name: string;
  rename: (name: string) => string;
  renameTitle: string;
  remove: (name: string) => string;
  removeTitle: (name: string) => string;
  removeHint: string;
  removeAction: string;
  added: (name: string) => string;
  renamed: (name: string) => string;
  removed: (name: string) => string;
}

interface NamedListProps {
  kind: NamedKind;
  texts: NamedTexts;
  empty: ReactNode;
}

/** Things that have nothing but a name: adding is one line, renaming and deleting are beside each. */
export function NamedList({ kind, texts, empty }: NamedListProps) {
  const pages = usePages(useCallback((cursor: string | null, signal: AbortSignal) => listNamed(kind, cursor, signal), [kind]));
  const [renaming, setRenaming] = useState<Named>();
  const [removing, setRemoving] = useState<Named>();
  const tell = useTell();
  return (
    <>
      <PageHeading title={texts.title}>
        <p>{texts.lead}</p>
      </PageHeading>
      <AddForm kind={kind} texts={texts} onAdded={pages.reload} />
      {pages.items === undefined ? (
        pages.error === undefined ? <Skeleton /> : <LoadFailed error={pages.error} onRetry={pages.reload} />
      ) : (
        <>
          <Table
            label={texts.title}
            rows={pages.items}
            keyOf={({ id }) => id}
            empty={empty}
            testId={kind}
            columns={[
              { name: "name", label: texts.name, title: true, cell: ({ name }) => <bdi>{name}</bdi> },
              {
                name: "actions",
                label: t.general.edit,
                hideLabel: true,
                align: "end",
                cell: (thing) => (
                  <span className={styles["actions"]}>
                    <IconButton label={texts.rename(thing.name)} icon={<Pencil size={18} aria-hidden />} onClick={() => setRenaming(thing)} data-testid="rename" />
                    <IconButton label={texts.remove(thing.name)} icon={<Trash2 size={18} aria-hidden />} onClick={() => setRemoving(thing)} data-testid="remove" />
                  </span>
                ),
              },
            ]}
          />
          {pages.items.length > 0 && <More shown={pages.items.length} more={pages.more} busy={pages.busy} onMore={pages.loadMore} />}
        </>
      )}
      {renaming !== undefined && (
        <RenameDialog kind={kind} texts={texts} thing={renaming} onRenamed={pages.reload} onClose={() => setRenaming(undefined)} />
      )}
      {removing !== undefined && (
        <ConfirmDialog
          title={texts.removeTitle(removing.name)}
          action={texts.removeAction}
          onConfirm={async () => {
            await deleteNamed(kind, removing.id);
            tell(texts.removed(removing.name));
            pages.reload();
          }}
          sayError={sayProblem}
          onClose={() => setRemoving(undefined)}
          testId="confirm-remove"
        >
          <p>{texts.removeHint}</p>
        </ConfirmDialog>
      )}
    </>
  );
}

/** What is wrong with a name, or else why it could not be saved. */
/** Thrown before the server is asked: a name of nothing. */
class NoName extends Error {}

function wanted(name: string): string {
  if (name.trim() === "") throw new NoName();
  return name;
}

function sayNameProblem(error: unknown): string {
  if (error instanceof NoName) return t.general.wanted;
  return sayFaults(error)["name"] ?? sayProblem(error);
}

function AddForm({ kind, texts, onAdded }: { kind: NamedKind; texts: NamedTexts; onAdded: () => void }) {
  const [name, setName] = useState("");
  const [error, setError] = useState<string>();
  const [refusals, setRefusals] = useState(0);
  const form = useFocusWrong(refusals);
  const [busy, setBusy] = useState(false);
  const tell = useTell();
  const add = async (): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      const added = await createNamed(kind, wanted(name));
      tell(texts.added(added.name));
      setName("");
      onAdded();
    } catch (problem) {
      setError(sayNameProblem(problem));
      setRefusals((count) => count + 1);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Card>
      <form
        ref={form}
        className={styles["add"]}
        noValidate
        onSubmit={(submit) => {
          submit.preventDefault();
          if (!busy) void add();
        }}
      >
        <TextInput
          label={texts.newName}
          value={name}
          onChange={(next) => {
            setName(next);
            setError(undefined);
          }}
          most={NAME_MOST}
          error={error}
          testId="new-name"
        />
        <Button type="submit" look="primary" icon={<Plus size={18} aria-hidden />} busy={busy} data-testid="add">
          {texts.add}
        </Button>
      </form>
    </Card>
  );
}

interface RenameDialogProps {
  kind: NamedKind;
  texts: NamedTexts;
  thing: Named;
  onRenamed: () => void;
  onClose: () => void;
}

function RenameDialog({ kind, texts, thing, onRenamed, onClose }: RenameDialogProps) {
  const [name, setName] = useState(thing.name);
  const [error, setError] = useState<string>();
  const [refusals, setRefusals] = useState(0);
  const form = useFocusWrong(refusals);
  const [busy, setBusy] = useState(false);
  const tell = useTell();
  const save = async (): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      const saved = await renameNamed(kind, thing.id, wanted(name));
      tell(texts.renamed(saved.value.name));
      onRenamed();
      onClose();
    } catch (problem) {
      setError(sayNameProblem(problem));
      setRefusals((count) => count + 1);
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={texts.renameTitle}
      onClose={onClose}
      testId="rename-dialog"
      actions={
        <>
          <Button onClick={onClose}>{t.general.cancel}</Button>
          <Button type="submit" form="rename" look="primary" busy={busy} data-testid="save-name">
            {t.general.save}
          </Button>
        </>
      }
    >
      <form
        ref={form}
        id="rename"
        noValidate
        onSubmit={(submit) => {
          submit.preventDefault();
          if (!busy) void save();
        }}
      >
        <TextInput label={texts.name} value={name} onChange={setName} most={NAME_MOST} error={error} first testId="name" />
      </form>
    </Dialog>
  );
}
