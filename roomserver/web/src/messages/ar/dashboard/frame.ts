import type { frame as english } from "../../en/dashboard/frame";

export const frame: typeof english = {
  title: "لوحة التحكم",
  navigation: "لوحة التحكم",
  menu: "القائمة",
  toEvent: "إلى صفحات الفعالية",
  pages: {
    live: "مباشر",
    sessions: "الجلسات",
    schedule: "البرنامج",
    registrants: "المسجلون",
    tickets: "أنواع التذاكر",
    presenters: "المقدّمون",
    evaluations: "التقييمات",
    recordings: "التسجيلات",
    settings: "الإعدادات",
  },
  conflict: {
    title: "غيّر شخص آخر هذا أيضًا",
    hint: "غيّرتما كلاكما هذه الحقول. يُحتفظ بكل ما عداها. لا يُحفظ شيء حتى تحفظ من جديد.",
    field: "الحقل",
    theirs: "قيمته",
    mine: "قيمتك",
    takeTheirs: "اعتماد قيمته",
    keepMine: "الإبقاء على قيمتي",
  },
  leaving: {
    title: "هل تريد المغادرة دون حفظ؟",
    hint: "سيُفقد ما غيّرته هنا.",
    leave: "مغادرة",
  },
};
