import type { widgets as english } from "../en/widgets";
import { number } from "../formats";
import { plural } from "./plural";

function characters(count: number): string {
  return plural(count, { zero: "# حرف", one: "حرف واحد", two: "حرفان", few: "# أحرف", many: "# حرفًا", other: "# حرف" });
}

export const widgets: typeof english = {
  required: "مطلوب",
  optional: "اختياري",
  used: (count, most) => `${number(count)} / ${number(most)}`,
  tooLong: (over) => `النص أطول من اللازم: ${characters(over)}`,
  left: (count) => `المتبقي: ${characters(count)}`,
  clear: "مسح",
  clearField: (label) => `مسح: ${label}`,
  remove: (label) => `إزالة ${label}`,
  moveEarlier: (label) => `تقديم ${label}`,
  moveLater: (label) => `تأخير ${label}`,
  chosen: (labels) => `المحدد: ${labels}`,
  added: (label) => `أُضيف ${label}`,
  removed: (label) => `أُزيل ${label}`,
  create: (label) => `إضافة «${label}»`,
  noMatches: "لا توجد نتائج.",
  matches: (count) =>
    plural(count, { zero: "لا نتائج", one: "نتيجة واحدة", two: "نتيجتان", few: "# نتائج", many: "# نتيجة", other: "# نتيجة" }),
  searching: "جارٍ البحث…",
  actions: "الإجراءات",
  more: "عرض المزيد",
  shown: (count) => `المعروض: ${number(count)}`,
  allShown: (count) => `كل العناصر معروضة: ${number(count)}`,
  copy: "نسخ",
  copied: "تم النسخ",
  copyFailed: "لم يسمح المتصفح بالنسخ. حدد النص وانسخه يدويًا.",
  chooseFile: "اختيار ملف",
  dropFile: "أو أفلته هنا",
  fileTooLarge: (name, most) => `حجم ${name} أكبر من ${most}.`,
  fileKind: (name) => `نوع الملف ${name} غير مقبول هنا.`,
  progress: (share) => `اكتمل ${share}`,
  sortBy: (column) => `الترتيب حسب ${column}`,
  showPassword: "إظهار ما كُتب",
  hidePassword: "إخفاء ما كُتب",
};
