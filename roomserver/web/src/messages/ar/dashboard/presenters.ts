import type { presenters as english } from "../../en/dashboard/presenters";

export const presenters: typeof english = {
  empty: "لا يوجد مقدمون بعد",
  emptyHint: "تُذكر أسماؤهم مع الجلسات التي يقدمونها.",
  list: {
    lead: "أشخاص تُذكر أسماؤهم مع الجلسات. ولا يلزم أن يكونوا مسجَّلين.",
    newName: "مقدم جديد",
    add: "إضافة",
    name: "الاسم",
    rename: (name) => `إعادة تسمية ${name}`,
    renameTitle: "إعادة تسمية المقدم",
    remove: (name) => `حذف ${name}`,
    removeTitle: (name) => `هل تريد حذف المقدم ${name}؟`,
    removeHint: "لن تذكر الجلسات هذا الشخص بعد ذلك.",
    removeAction: "حذف المقدم",
    added: (name) => `أُضيف ${name}.`,
    renamed: (name) => `الاسم الآن ${name}.`,
    removed: (name) => `حُذف ${name}.`,
  },
};
