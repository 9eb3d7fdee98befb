import { expect, test } from 'vitest';
import { datelineLength } from '../../../lib/core/text/dateline.ts';
import { englishForms, inflected } from '../../../lib/core/text/inflect.ts';
import { wordsOf } from '../../../lib/core/text/words-of.ts';

const fold = (text: string) => wordsOf(text).map(({ word }) => word);
const forms = (text: string, lang: string) => inflected(fold(text), lang).map((words) => words.join(' '));

test.each([
  ['en', 'Iranian', 'Iranians'],
  ['en', 'ally', 'allies'],
  ['ru', 'Иран', 'Ирана Ирану Ираном Иране'],
  ['ru', 'Израиль', 'Израиля Израилю Израилем Израиле'],
  ['ru', 'Россия', 'России Россию Россией'],
  ['ru', 'Москва', 'Москвы Москве Москву Москвой'],
  ['ru', 'Китай', 'Китая Китаю Китаем Китае'],
  ['ru', 'китайский', 'китайского китайская китайскую китайские китайских'],
  ['ru', 'перемирие', 'перемирия перемирию перемирием перемирии'],
  ['ru', 'прекращение огня', 'прекращения огня|прекращению огня|прекращении огня'],
  ['ru', 'Дональд Трамп', 'Дональда Трампа|Дональдом Трампом'],
  [
    'ru',
    'Шанхайская организация сотрудничества',
    'Шанхайской организации сотрудничества|Шанхайскую организацию сотрудничества',
  ],
  ['ar', 'إيراني', 'الإيراني الإيرانية والإيرانيين للإيرانيين'],
  ['ar', 'الصين', 'والصين بالصين للصين'],
  ['ar', 'هدنة', 'الهدنة والهدنة للهدنة'],
  ['ar', 'وقف إطلاق النار', 'ووقف إطلاق النار|بوقف إطلاق النار'],
  ['fa', 'حمله', 'حمله‌ای حمله‌های حملهٔ'],
  ['fa', 'آتش‌بس', 'آتش‌بسی آتش‌بس‌ها'],
  ['he', 'איראן', 'באיראן לאיראן ואיראן שאיראן'],
  ['he', 'הפסקת אש', 'הפסקת האש|בהפסקת אש'],
  ['fr', 'iranien', 'iraniens iranienne iraniennes'],
  ['es', 'iraní', 'iranís iraníes'],
  ['de', 'iranisch', 'iranische iranischen iranischer'],
  ['tr', 'ateşkes', 'ateşkesi ateşkesin ateşkese'],
  ['kk', 'Қытай', 'Қытайдың Қытайға Қытаймен'],
  ['uz', 'Xitoy', 'Xitoyning Xitoyga Xitoydan'],
])('%s: %s has the forms %s', (lang, base, expected) => {
  const wanted = expected.includes('|') || base.includes(' ') ? expected.split('|') : expected.split(' ');
  expect(forms(base, lang)).toEqual(expect.arrayContaining(wanted.map((form) => fold(form).join(' '))));
});

test('Persian words take no Arabic prefixes', () => {
  expect(forms('ایران', 'fa')).not.toContain('وایران');
  expect(forms('ایران', 'fa')).not.toContain('بایران');
});

test('a language without rules leaves the words as they are', () => {
  expect(forms('停火', 'zh')).toEqual(['停 火']);
  expect(forms('anything', 'xx')).toEqual(['anything']);
});

test.each([
  ['strike', ['strike', 'strikes', 'striked', 'striking']],
  ['stop', ['stop', 'stops', 'stopped', 'stopping', 'stoped', 'stoping']],
  ['deny', ['deny', 'denies', 'denied', 'denying']],
  ['attack', ['attack', 'attacks', 'attacked', 'attacking']],
])('%s~ bends as an English verb', (word, expected) => {
  expect([...englishForms(word)].sort()).toEqual([...expected].sort());
});

test.each([
  ['BEIJING, June 26 (Xinhua) — Ministers met', 'BEIJING, June 26 (Xinhua) — '],
  ['TEHRAN — The minister said', 'TEHRAN — '],
  ['Beijing (Reuters) - China said', 'Beijing (Reuters) - '],
  ['МОСКВА, 25 июн - РИА Новости. Министр', 'МОСКВА, 25 июн - '],
  ['新华社北京6月25日电 国防部', '新华社北京6月25日电'],
  ['Beijing says it will - perhaps - answer', ''],
  ['Iran and Israel – a long story', ''],
  ['A ministers’ meeting took place', ''],
])('the dateline of %j', (text, line) => {
  expect(text.slice(0, datelineLength(text)).trim()).toBe(line.trim());
});
