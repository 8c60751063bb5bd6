/** Why a file is not taken, if it isn't. `accept` is a list as HTML's accept attribute has it. */
export function fileTrouble(file: { name: string; type: string; size: number }, accept: string, most: number): "kind" | "large" | undefined {
  const name = file.name.toLowerCase();
  const kinds = accept.split(",").map((kind) => kind.trim().toLowerCase());
  const wanted = kinds.some((kind) => {
    if (kind.startsWith(".")) return name.endsWith(kind);
    return kind.endsWith("/*") ? file.type.startsWith(kind.slice(0, -1)) : file.type === kind;
  });
  if (!wanted) return "kind";
  return file.size > most ? "large" : undefined;
}
