import type { settings as english } from "../../en/dashboard/settings";
import { plural } from "../plural";

export const settings: typeof english = {
  event: "الفعالية",
  name: "الاسم",
  nameHint: "يظهر في رأس كل صفحة.",
  zone: "المنطقة الزمنية",
  zoneHint: "بها يكتب المنظمون التواريخ والأوقات. ويرى الزوار منطقتهم.",
  kind: "نوع الفعالية",
  kinds: { multi_session: "عدة جلسات", single_session: "جلسة واحدة" },
  kindHints: {
    multi_session: "يجد الزوار الجلسات والبرنامج.",
    single_session: "يدخل الزوار مباشرة إلى الجلسة الوحيدة.",
  },
  attendeeSessions: "يجوز للحاضرين إنشاء جلسات",
  attendeeSessionsHint: "مفتوحة أو بإشراف، ويمكن للجميع مشاهدتها. ويمكنك تعديلها وحذفها.",
  schedule: "البرنامج والتقييمات",
  margin_before_minutes: "الظهور قبل البداية (دقائق)",
  margin_after_minutes: "الظهور بعد النهاية (دقائق)",
  marginHints: {
    margin_before_minutes: "كم تسبق الجلسة المجدولة موعدها في الظهور بين الجلسات.",
    margin_after_minutes: "كم تبقى هناك بعد انتهاء وقتها. أما غرفتها فتستمر على أي حال.",
  },
  unlock: "تُفتح التقييمات تلقائيًا",
  unlockHint: "يتطلب ذلك أن يكون للجلسة بداية ونهاية. ويمكن فتحها يدويًا قبل ذلك.",
  beforeEnd: (minutes) =>
    minutes === 0
      ? "عند نهاية الجلسة"
      : plural(minutes, {
          zero: "عند نهاية الجلسة",
          one: "قبل النهاية بدقيقة واحدة",
          two: "قبل النهاية بدقيقتين",
          few: "قبل النهاية بـ # دقائق",
          many: "قبل النهاية بـ # دقيقة",
          other: "قبل النهاية بـ # دقيقة",
        }),
  save: "حفظ الإعدادات",
  saved: "حُفظت الإعدادات.",
  on: "مفعّل",
  off: "غير مفعّل",
  password: "كلمة مرور الإشراف",
  passwordHint: "من يعرفها يصبح مشرفًا على أي جلسة بإشراف ليست لها كلمة مرور خاصة.",
  passwordSet: "توجد كلمة مرور. لا يستطيع أحد قراءتها، ولا أنت.",
  passwordNone: "لا توجد: لا يستطيع أحد أن يصبح مشرفًا بكلمة مرور إلا حيث للجلسة كلمة مرور خاصة.",
  passwordFirst: "كلمة المرور",
  passwordNew: "كلمة مرور أخرى",
  passwordSave: "حفظ كلمة المرور",
  passwordSaved: "حُفظت كلمة مرور الإشراف.",
  passwordRemove: "إزالة كلمة المرور",
  passwordRemoved: "أُزيلت كلمة مرور الإشراف.",
};
