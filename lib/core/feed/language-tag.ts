/** A BCP 47 tag in lower case (`en_US` and `EN-us` are `en-us`), or null where the text is none. */
export function languageTag(text: string | null | undefined): string | null {
  const tag = (text ?? '')
    .trim()
    .toLowerCase()
    .replaceAll('_', '-')
    .replace(/\.utf-?8$/, '');
  if (Object.hasOwn(spelledOut, tag)) return spelledOut[tag]!;
  return /^(?:[a-z]{2,3}|i|x)(?:-[a-z0-9]{1,8}){0,6}$/.test(tag) ? tag : null;
}

/** Languages that feeds name in words. */
const spelledOut: Readonly<Record<string, string>> = {
  ...{ english: 'en', arabic: 'ar', persian: 'fa', farsi: 'fa', hebrew: 'he', chinese: 'zh', russian: 'ru' },
  ...{ french: 'fr', spanish: 'es', german: 'de', turkish: 'tr', hindi: 'hi', urdu: 'ur', kazakh: 'kk', uzbek: 'uz' },
  ...{ italian: 'it', portuguese: 'pt', japanese: 'ja', korean: 'ko', polish: 'pl', ukrainian: 'uk', dutch: 'nl' },
};
