import type { bulk as english } from "../../en/dashboard/bulk";
import { number } from "../../formats";
import { plural } from "../plural";

function rows(count: number): string {
  return plural(count, { zero: "لا صفوف", one: "صف واحد", two: "صفان", few: "# صفوف", many: "# صفًا", other: "# صف" });
}

export const bulk: typeof english = {
  menu: "جدول بيانات",
  upload: "رفع جدول بيانات…",
  exportAs: (format) => `تصدير بصيغة ${format}`,
  templateAs: (format) => `قالب فارغ (${format})`,
  title: { sessions: "رفع الجلسات", registrants: "رفع المسجلين", segments: "رفع البرنامج" },
  hint: "الصف الذي له معرّف (id) يغيّر صاحبه، والذي بلا معرّف ينشئ جديدًا. سترى أولًا ما سيحدث، ولا يتغير شيء قبل التطبيق.",
  choose: "ملف CSV أو XLSX",
  fileHint: (most) => `بحجم ${most} و10,000 صف على الأكثر. والملف المصدَّر له الأعمدة الصحيحة.`,
  busy: { checking: "يجري فحص الملف…", applying: "يجري تنفيذ التغييرات…" },
  stages: {
    reading: "تجري قراءة الملف…",
    checking: "يجري فحص الصفوف…",
    writing: "يجري تنفيذ التغييرات…",
    telling: "يجري إبلاغ الغرف المفتوحة…",
    done: "تم.",
    failed: "لم ينجح ذلك.",
  },
  fits: "كل شيء سليم",
  wrong: (count) => `صفوف بها أخطاء: ${number(count)}`,
  summary: (create, update, unchanged) => `للإنشاء: ${rows(create)}، للتغيير: ${rows(update)}، دون تغيير: ${rows(unchanged)}`,
  mend: "لا يُطبَّق شيء حتى تصح كل الصفوف. صحح الملف ثم اختره من جديد.",
  show: "عرض",
  shown: { errors: "الصفوف التي بها أخطاء", changes: "الصفوف التي تفعل شيئًا", all: "كل الصفوف" },
  rows: "صفوف الملف",
  row: "الصف",
  action: "ما سيحدث",
  actions: { create: "جديد", update: "تغيير", unchanged: "دون تغيير", wrong: "خطأ" },
  details: "التفاصيل",
  emptied: "أُفرغ",
  none: "لا توجد صفوف كهذه.",
  apply: (count) => `تطبيق: ${rows(count)}`,
  applyNone: "تطبيق",
  applied: (create, update) => `أُنشئ: ${number(create)}، تغيّر: ${number(update)}.`,
};
