import type { MatchInput } from '../../../lib/core/watchlist/matched.ts';

const story = (lang: string | null, title: string, summary = '', more: Partial<MatchInput> = {}): MatchInput => ({
  title,
  summary,
  lang,
  source: null,
  published: '2025-06-25T08:00:00Z',
  ...more,
});

/** Stories that are awkward to read: homonyms, other wars, scripts, punctuation, and text that is broken. */
export const fixtureStories: readonly MatchInput[] = [
  story('en', 'Israel and Iran agree to a ceasefire, Trump says'),
  story('en', 'Truce in Gaza holds for a third day', 'Israel and Hamas accuse each other.'),
  story('en', 'SCO Philharmonic opens its season', 'The orchestra plays Haydn.'),
  story('en', 'SCO defence ministers meet in Qingdao', 'China hosts Russia, India and Iran.'),
  story(
    'en',
    'U.S.-led strikes on Fordow: what we know',
    'The U.S. hit three sites. Iran’s foreign minister condemned it.',
  ),
  story('en', 'IRAN&rsquo;S RIAL SLIPS &amp; OIL RISES', 'Brent &quot;jumped&quot; 3.5%.'),
  story('en', 'Let us go to Beijing in spring', 'A travel guide.'),
  story('en', 'Beijing says it condemns Israeli strikes on Iran'),
  story('en', '#IranIsraelWar trends as missiles fly'),
  story('en', 'Live updates: Israel strikes Tehran - The Times of Israel', '', { source: 'The Times of Israel' }),
  story('en', 'Heatwave in Europe | CNN', '', { source: 'CNN' }),
  story('en', 'Air India flight lands in Delhi', 'Persian cats and China Airlines.'),
  story('fa', 'آتش‌بس میان ایران و اسرائیل برقرار شد', 'وزیر دفاع ایران به چینگدائو رفت.'),
  story('fa', 'نشست وزیران دفاع سازمان همكاري شانگهاي', 'عزیز نصیرزاده سخن گفت.'),
  story('ar', 'وقف إطلاق النار بين إسرائيل وإيران يدخل حيز التنفيذ', 'قال الرئيس الأمريكي إنه سارٍ.'),
  story('he', 'ארה"ב תקפה באיראן: צה״ל בכוננות', 'הפסקת האש החזיקה.'),
  story('zh', '上合组织国防部长会议在青岛举行', '董军发表讲话，谴责霸凌。'),
  story('zh', '上海合作組織峰會 伊朗遭以色列襲擊', '美國轟炸福爾多。'),
  story('ru', 'Израиль и Иран договорились о прекращении огня', 'Об этом сообщил Трамп.'),
  story('ru', 'МОСКВА, 25 июн - РИА Новости. Министры ШОС встретились в Циндао'),
  story('fr', 'L’Iran et l’Israël s’accordent sur une trêve', 'Selon l’Élysée, la trêve tient.'),
  story('tr', 'İran’a yönelik saldırılar durdu', 'İsrail’in açıklaması.'),
  story('de', 'Iran und Israel: Waffenruhe hält', 'Die USA griffen Atomanlagen an.'),
  story(null, 'Iran ایران 伊朗 Иран איראן', 'five scripts'),
  story('en', 'ایران و اسرائیل', 'a wrong language tag'),
  story(
    'en',
    'BEIJING, June 26 (Xinhua) — Ministers met.',
    'BEIJING, June 26 (Xinhua) — Defence ministers met in Qingdao.',
  ),
  story('en', '\ud800 Iran \udfff strikes \u202eIsrael\u202c', 'Ir\u00adan \u200bIsrael'),
  story('en', '𝐈𝐫𝐚𝐧 and 𝗜𝘀𝗿𝗮𝗲𝗹 talk', 'ＮＡＴＯ summit'),
  story('en', '', ''),
  story('en', '...?!', '   \n\n  '),
];
