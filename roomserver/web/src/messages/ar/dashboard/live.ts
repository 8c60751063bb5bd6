import type { live as english } from "../../en/dashboard/live";
import { number } from "../../formats";
import { plural } from "../plural";

export const live: typeof english = {
  lead: "الغرف العاملة الآن. تتجدد الأرقام تلقائيًا.",
  table: "الغرف العاملة",
  session: "الجلسة",
  seats: "على الشاشة",
  viewers: "المشاهدون",
  waiting: "طابور الانتظار",
  requests: "الطلبات",
  recording: "التسجيل",
  recordings: { off: "معطّل", armed: "جاهز للبدء", recording: "يجري التسجيل", paused: "متوقف مؤقتًا", ended: "انتهى" },
  of: (count, most) => `${number(count)} من ${number(most)}`,
  enter: "دخول",
  enterRoom: (title) => `دخول ${title}`,
  totals: { rooms: "الغرف", seats_taken: "على الشاشة", viewers: "المشاهدون", waiting: "في طوابير الانتظار", requests: "الطلبات المفتوحة" },
  more: (count) =>
    plural(count, {
      zero: "لا غرف أخرى تعمل.",
      one: "تعمل غرفة واحدة أخرى.",
      two: "تعمل غرفتان أخريان.",
      few: "تعمل # غرف أخرى.",
      many: "تعمل # غرفة أخرى.",
      other: "تعمل # غرفة أخرى.",
    }),
  empty: "لا توجد غرفة عاملة",
  emptyHint: "تبدأ الغرفة تلقائيًا عندما يدخل أول شخص إلى جلستها.",
  toSessions: "إلى الجلسات",
};
