import type { tickets as english } from "../../en/dashboard/tickets";

export const tickets: typeof english = {
  empty: "لا توجد أنواع تذاكر بعد",
  emptyHint: "بها تحدد من يشاهد أي جلسة.",
  list: {
    lead: "يحمل كل مسجَّل تذكرة من نوع واحد، ويمكن قصر الجلسة على أنواع معينة.",
    newName: "نوع تذكرة جديد",
    add: "إضافة",
    name: "الاسم",
    rename: (name) => `إعادة تسمية ${name}`,
    renameTitle: "إعادة تسمية نوع التذكرة",
    remove: (name) => `حذف ${name}`,
    removeTitle: (name) => `هل تريد حذف نوع التذكرة ${name}؟`,
    removeHint: "لا يمكن حذفه إلا إذا لم يحمله أحد ولم تطلبه أي جلسة.",
    removeAction: "حذف نوع التذكرة",
    added: (name) => `أُضيف ${name}.`,
    renamed: (name) => `اسمه الآن ${name}.`,
    removed: (name) => `حُذف ${name}.`,
  },
};
