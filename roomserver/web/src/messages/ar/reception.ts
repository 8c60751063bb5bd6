import type { reception as english } from "../en/reception";
import { number } from "../formats";

export const reception: typeof english = {
  home: {
    title: "الجلسات",
    empty: "لا توجد جلسة متاحة لك الآن.",
    emptyHint: "تظهر الجلسات هنا قبل بدايتها بوقت قصير.",
    enter: "دخول",
    enterSession: (title) => `دخول ${title}`,
    onScreen: (count) => `على الشاشة: ${number(count)}`,
    watching: (count) => `المشاهدون: ${number(count)}`,
    live: "مباشر",
    policies: {
      anyone: "مفتوحة: يمكن للجميع المشاركة",
      invite_only: "المتحدثون بدعوة",
      moderated: "بإشراف: اطلب الإذن للمشاركة",
    },
  },

  signIn: {
    title: "يرجى تسجيل الدخول",
    explain: "افتح الرابط الشخصي الذي أرسله إليك المنظمون، وسيسجّل دخولك على هذا الجهاز.",
    working: "جارٍ تسجيل دخولك…",
    failedTitle: "هذا الرابط لا يعمل",
    failed: "ربما كان ناقصًا أو منتهي الصلاحية أو استُبدل برابط أحدث. اطلب من المنظمين رابطًا جديدًا.",
    toHome: "إلى الجلسات",
  },
};
