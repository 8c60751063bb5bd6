import type { session as english } from "../en/session";
import { clock, number } from "../formats";
import { plural } from "./plural";

function people(count: number): string {
  return plural(count, { zero: "لا أحد", one: "شخص واحد", two: "شخصان", few: "# أشخاص", many: "# شخصًا", other: "# شخص" });
}

/** After a preposition. */
function seconds(count: number): string {
  return plural(count, { zero: "# ثانية", one: "ثانية واحدة", two: "ثانيتين", few: "# ثوانٍ", many: "# ثانية", other: "# ثانية" });
}

export const session: typeof english = {
  room: {
    connecting: "جارٍ الدخول إلى الجلسة…",
    connectingAgain: "تعذّر الوصول إلى الخادم. جارٍ إعادة المحاولة…",
    stage: "المنصة",
    emptyStage: "لا أحد على الشاشة بعد",
    emptyStageShare: "كن أول المشاركين: شغّل الكاميرا والميكروفون.",
    emptyStageWatch: "سترى المشاركين هنا حالما يظهرون على الشاشة.",
    onScreen: (taken, most) => `الأماكن المشغولة على الشاشة: ${number(taken)} من ${number(most)}`,
    onScreenShort: (taken, most) => `${number(taken)}/${number(most)}`,
    viewers: (viewers, cap) => `المشاهدون: ${people(viewers)}، والحد الأقصى ${number(cap)}`,
    viewersShort: (viewers) => number(viewers),
    viewersCap: (cap) => `من ${number(cap)}`,
    waiting: (count) => `في انتظار الدخول: ${people(count)}`,
    waitingShort: (count) => `في الانتظار: ${number(count)}`,
    clickToHear: "انقر لسماع الصوت",
    clickToHearHint: "يُبقي متصفحك الصوت مغلقًا إلى أن تنقر.",
  },

  tile: {
    self: (name) => `${name} (أنت)`,
    screenOf: (name) => `شاشة ${name}`,
    yourScreen: "شاشتك",
    cameraOff: "الكاميرا مغلقة",
    sharedContent: "محتوى مشترك",
    microphoneOff: "الميكروفون مغلق",
    mutedByModerator: "كتم أحد المشرفين الصوت",
    speaking: "يتحدث الآن",
    connecting: "جارٍ الاتصال…",
    away: "جارٍ إعادة الاتصال…",
    menu: (name) => `إجراءات ${name}`,
    mute: "كتم الصوت لدى الجميع",
    remove: "إزالة من الشاشة",
    removeScreen: "إيقاف مشاركة هذه الشاشة",
    overflow: (count) =>
      plural(count, { zero: "لا أحد غيرهم", one: "شخص آخر", two: "شخصان آخران", few: "# آخرون", many: "# آخرون", other: "# آخرون" }),
    overflowLabel: (count) => `عرض الجميع: ${people(count)} بعدُ على الشاشة`,
    showFewer: "عرض عدد أقل",
  },

  controls: {
    label: "أدوات التحكم",
    share: "مشاركة الصوت والصورة",
    shareShort: "مشاركة",
    full: "مكتمل",
    fullHint: "جميع الأماكن على الشاشة مشغولة.",
    ask: "طلب مشاركة الصوت والصورة",
    askShort: "طلب المشاركة",
    asked: (position) => (position === 1 ? "أنت التالي" : `رقمك في الدور ${number(position)}`),
    askedHint: "القرار للمشرف.",
    withdraw: "سحب الطلب",
    approved: (left) => `الظهور على الشاشة (${clock(left)})`,
    continueShare: "متابعة الظهور",
    mute: "كتم",
    muteHint: "إغلاق الميكروفون",
    unmute: "إلغاء الكتم",
    unmuteHint: "تشغيل الميكروفون",
    cameraOff: "إيقاف الكاميرا",
    cameraOffHint: "إغلاق الكاميرا",
    cameraOn: "الكاميرا",
    cameraOnHint: "تشغيل الكاميرا",
    screen: "الشاشة",
    screenHint: "مشاركة شاشتك",
    stopScreen: "إيقاف الشاشة",
    stopScreenHint: "إيقاف مشاركة شاشتك",
    leaveScreen: "مغادرة الشاشة",
    leaveScreenShort: "إنهاء الظهور",
    leaveRoom: "مغادرة الجلسة",
    leaveRoomShort: "مغادرة",
    moderation: "الإشراف",
    requests: (count) =>
      `، ${plural(count, { zero: "لا طلبات", one: "طلب واحد", two: "طلبان", few: "# طلبات", many: "# طلبًا", other: "# طلب" })}`,
  },

  share: {
    title: "مشاركة الصوت والصورة",
    approvedTitle: "تمت الموافقة على طلبك",
    approvedHint: (left) => `مكانك على الشاشة محجوز لمدة ${clock(left)}.`,
    continueTitle: "ما زال مكانك على الشاشة محجوزًا",
    continueHint: "اختر الكاميرا والميكروفون للمتابعة.",
    camera: "الكاميرا",
    microphone: "الميكروفون",
    noCamera: "بدون كاميرا",
    noMicrophone: "بدون ميكروفون",
    unnamedCamera: (index) => `كاميرا ${number(index)}`,
    unnamedMicrophone: (index) => `ميكروفون ${number(index)}`,
    preview: "معاينة الكاميرا",
    cameraIsOff: "ستكون الكاميرا مغلقة",
    level: "مستوى الميكروفون",
    sayWords: "قل بضع كلمات: ينبغي أن يتحرك الشريط.",
    microphoneWillBeOff: "لن يسمعك أحد ما لم تختر ميكروفونًا.",
    start: "الظهور على الشاشة",
    starting: "جارٍ الظهور على الشاشة…",
    continueStart: "متابعة",
    opening: "في انتظار الكاميرا والميكروفون… قد يطلب متصفحك الإذن.",
    giveBack: "مغادرة الشاشة",
  },

  devices: {
    denied: "ليس لدى المتصفح إذن باستخدام الكاميرا أو الميكروفون. اسمح بهما لهذه الصفحة (الأيقونة بجوار العنوان) ثم أعد المحاولة.",
    deniedCamera: "ليس لدى المتصفح إذن باستخدام الكاميرا. اسمح بها لهذه الصفحة (الأيقونة بجوار العنوان) ثم أعد المحاولة.",
    deniedMicrophone: "ليس لدى المتصفح إذن باستخدام الميكروفون. اسمح به لهذه الصفحة (الأيقونة بجوار العنوان) ثم أعد المحاولة.",
    none: "لم يُعثر على كاميرا ولا ميكروفون. وصّل أحدهما ثم أعد المحاولة.",
    noneCamera: "لم يُعثر على كاميرا. يمكنك المشاركة بالميكروفون وحده.",
    noneMicrophone: "لم يُعثر على ميكروفون. سيراك الآخرون ولن يسمعوك.",
    inUse: "تعذّر فتح الكاميرا أو الميكروفون: ربما يستخدمهما برنامج آخر. أغلق ذلك البرنامج ثم أعد المحاولة.",
    insecure: "لا تسمح المتصفحات بالكاميرا والميكروفون إلا في الصفحات الآمنة. افتح هذه الصفحة عبر https:// ثم أعد المحاولة.",
    unsupported: "لا يستطيع هذا المتصفح مشاركة الكاميرا أو الميكروفون.",
    screenDenied: "لا يسمح المتصفح أو النظام بمشاركة الشاشة.",
    screenUnsupported: "لا يستطيع هذا المتصفح مشاركة الشاشة.",
    lostCamera: "انقطع اتصال الكاميرا.",
    lostMicrophone: "انقطع اتصال الميكروفون.",
  },

  moderation: {
    title: "الإشراف",
    requests: "في انتظار قرارك",
    noRequests: "لا أحد يطلب المشاركة الآن.",
    approve: "موافقة",
    approveName: (name) => `موافقة على ${name}`,
    decline: "رفض",
    declineName: (name) => `رفض ${name}`,
    since: (waited) => `مدة الانتظار ${clock(waited)}`,
    grants: "تمت الموافقة ولم يظهروا بعد",
    grantLeft: (left) => `الوقت المتبقي للظهور ${clock(left)}`,
    keys: "عند التركيز على صف: الأسهم للتنقل، وA للموافقة، وD للرفض.",
    full: "جميع الأماكن على الشاشة مشغولة. أخلِ مكانًا لتتمكن من الموافقة.",
    newRequest: (name) => `${name}: طلب مشاركة الصوت والصورة.`,
  },

  moderatorSignIn: {
    open: "تسجيل الدخول للإشراف",
    title: "تسجيل الدخول للإشراف",
    explain: "أدخل كلمة مرور الإشراف لهذه الجلسة.",
    password: "كلمة مرور الإشراف",
    submit: "تسجيل الدخول",
    wrong: "كلمة المرور غير صحيحة.",
    slow: (wait) => `محاولات كثيرة. يرجى الانتظار مدة ${seconds(wait)}.`,
    done: "أنت الآن مشرف على هذه الجلسة.",
    empty: "يرجى إدخال كلمة المرور.",
  },

  waitingLine: {
    title: "الجلسة مكتملة الآن",
    explain: (viewers, cap) => `المشاهدون الآن: ${people(viewers)}، والحد الأقصى حاليًا ${number(cap)}.`,
    position: (position) => (position === 1 ? "أنت التالي في الدور" : `رقمك في الدور ${number(position)}`),
    number: (position) => number(position),
    stay: "أبقِ هذه الصفحة مفتوحة: ستدخل تلقائيًا حالما يتوفر مكان.",
    leave: "مغادرة الدور",
  },

  connection: {
    lost: "انقطع الاتصال. جارٍ إعادة الاتصال…",
    retryIn: (wait) => `إعادة المحاولة بعد ${seconds(wait)}.`,
    mediaFailed: "صورتك وصوتك لا يصلان إلى الجلسة. جارٍ إعادة المحاولة…",
    back: "عاد الاتصال.",
  },

  ended: {
    left: { title: "لقد غادرت الجلسة", text: "شكرًا لحضورك." },
    notSignedIn: { title: "يرجى تسجيل الدخول", text: "افتح الرابط الشخصي الذي أرسله إليك المنظمون، ثم عُد إلى هذه الصفحة." },
    notAllowed: { title: "هذه الجلسة غير متاحة لك", text: "إن كنت ترى أنها ينبغي أن تكون متاحة، فاسأل المنظمين." },
    notFound: { title: "لا توجد جلسة كهذه", text: "ربما حُذفت، أو أن العنوان غير دقيق." },
    removedFromSession: { title: "لا يمكنك البقاء في هذه الجلسة", text: "سُحب حقك في دخول هذه الجلسة. إن فاجأك ذلك، فاسأل المنظمين." },
    takenOver: { title: "فتحت هذه الجلسة في مكان آخر", text: "لا يمكن حضور الجلسة أكثر من مرة في وقت واحد. تستمر الجلسة في النافذة الأحدث." },
    closed: { title: "هذه الجلسة مغلقة", text: "أغلقها المنظمون أو حذفوها." },
    badHello: { title: "لم يقبل الخادم هذه الصفحة", text: "أعد تحميل الصفحة، فقد تكون نسخة قديمة." },
    badTicket: { title: "لم يسمح لك الخادم بالدخول", text: "رُفضت تذكرتك لدخول الغرفة عدة مرات. سجّل الدخول من جديد أو حاول لاحقًا." },
    notUnderstood: { title: "لم يفهم الخادم هذه الصفحة", text: "أعد تحميل الصفحة، فقد تكون نسخة قديمة." },
    other: { title: "انتهت الجلسة", text: "أنهى الخادم الاتصال." },
    rejoin: "العودة إلى الجلسة",
    useHere: "المتابعة هنا",
    reload: "إعادة تحميل الصفحة",
    home: "إلى الجلسات",
  },

  refusals: {
    must_ask: "في هذه الجلسة اطلب الإذن أولًا: المشرف هو من يقرر من يظهر على الشاشة.",
    not_invited: "في هذه الجلسة لا يظهر على الشاشة إلا المدعوون.",
    full: (taken) =>
      taken === undefined
        ? "جميع الأماكن على الشاشة مشغولة."
        : taken === 1
          ? "المكان الوحيد على الشاشة مشغول."
          : `جميع الأماكن على الشاشة مشغولة (${number(taken)}).`,
    viewer_cap: (viewers, cap) =>
      viewers === undefined || cap === undefined
        ? "بإضافة مكان آخر على الشاشة يقل عدد من يمكنهم المشاهدة عن عدد المشاهدين الآن."
        : `بإضافة مكان آخر على الشاشة لا يمكن أن يتجاوز عدد المشاهدين ${number(cap)}، وعددهم الآن ${number(viewers)}.`,
    already_sharing: "أنت تشارك هذا بالفعل.",
    no_such_seat: "انتهت هذه المشاركة من قبل.",
    muted_by_moderator: "كتم أحد المشرفين صوتك. شغّل الميكروفون لتتحدث من جديد.",
    not_needed: "لا حاجة إلى الطلب: يمكنك المشاركة.",
    no_such_request: "لم يعد هذا الطلب قائمًا.",
    forbidden: "هذا غير مسموح لك هنا.",
    not_admitted: "ما زلت في انتظار الدخول.",
    bad_message: "لم يفهم الخادم هذا الطلب. أعد تحميل الصفحة ثم حاول مرة أخرى.",
    rate_limited: "تمهّل قليلًا ثم حاول مرة أخرى.",
    unavailable: "لا يستطيع الخادم فعل ذلك الآن. حاول مرة أخرى بعد لحظات.",
    connectionLost: "انقطع الاتصال قبل أن يتم ذلك. تحقق من النتيجة أو حاول مرة أخرى.",
  },

  notices: {
    grant_expired: "انتهت مهلة الموافقة دون استخدامها. اطلب من جديد عندما تكون مستعدًا.",
    grant_expired_moderator: (name) => `لم يظهر ${name} في الوقت المحدد، وعاد المكان شاغرًا.`,
    request_declined: "رفض أحد المشرفين طلبك. يمكنك الطلب مرة أخرى لاحقًا.",
    removed: "أزالك أحد المشرفين من الشاشة.",
    removedScreen: "أوقف أحد المشرفين مشاركة شاشتك.",
    muted: "كتم أحد المشرفين الميكروفون. أنت وحدك تستطيع تشغيله من جديد.",
    overflow_warning: (viewers, cap) => `المشاهدون الآن: ${people(viewers)}، والحد الأقصى أصبح ${number(cap)}: القادمون الجدد ينتظرون دورهم.`,
    may_share_now: "يمكنك الآن مشاركة الصوت والصورة دون طلب.",
  },
};
