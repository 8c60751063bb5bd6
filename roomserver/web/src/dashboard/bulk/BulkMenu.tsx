import { FileSpreadsheet } from "lucide-react";
import { useState } from "react";
import { type BulkKind, exportAddress, templateAddress } from "../../browser/api/spreadsheets";
import { Menu, type MenuItem } from "../../components/Menu";
import { d } from "../../messages/dashboard";
import { UploadDialog } from "./UploadDialog";

interface BulkMenuProps {
  kind: BulkKind;
  /** An upload changed something. */
  onChanged: () => void;
}

/** Many at once by spreadsheet: upload, export, template. */
export function BulkMenu({ kind, onChanged }: BulkMenuProps) {
  const [uploading, setUploading] = useState(false);
  const items: MenuItem[] = [
    { label: d.bulk.upload, onSelect: () => setUploading(true), testId: "bulk-upload" },
    { label: d.bulk.exportAs("XLSX"), onSelect: () => download(exportAddress(kind, "xlsx")), testId: "export-xlsx" },
    { label: d.bulk.exportAs("CSV"), onSelect: () => download(exportAddress(kind, "csv")), testId: "export-csv" },
    { label: d.bulk.templateAs("XLSX"), onSelect: () => download(templateAddress(kind, "xlsx")), testId: "template-xlsx" },
    { label: d.bulk.templateAs("CSV"), onSelect: () => download(templateAddress(kind, "csv")), testId: "template-csv" },
  ];
  return (
    <>
      <Menu label={d.bulk.menu} text={d.bulk.menu} icon={<FileSpreadsheet size={18} aria-hidden />} items={items} testId="bulk-menu" />
      {uploading && <UploadDialog kind={kind} onClose={() => setUploading(false)} onChanged={onChanged} />}
    </>
  );
}

/** The server says that it is a file to keep, and names it. */
function download(address: string): void {
  const link = document.createElement("a");
  link.href = address;
  link.download = "";
  link.click();
}
