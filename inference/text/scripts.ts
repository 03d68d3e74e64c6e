import type { SpokenLanguage } from './spoken-language.ts';
import { entries } from './noun.ts';

/** English spelling to Russian, the longest first; where the end of a word matters, `$` says so. */
const LATIN_TO_RUSSIAN = entries(`
  sch: ш; tsch: ч; tch: ч; sh: ш; ch: ч; th: т; ph: ф; kh: х; zh: ж; ck: к; qu: кв; ee: и; oo: у; ou: ау; ow: оу
  ai: ай; ay: эй; ei: ей; ey: и; ea: и; oa: оу; ya: я; yu: ю; yo: йо; ye: е; ts: ц; ce: се; ci: си; cy: си; gh: г
  wh: в; wr: р; kn: н; ss: сс; ll: лл; a: а; b: б; c: к; d: д; e: е; f: ф; g: г; h: х; i: и; j: дж; k: к; l: л; m: м
  n: н; o: о; p: п; q: к; r: р; s: с; t: т; u: у; v: в; w: в; x: кс; y: и; z: з; ä: э; ö: ё; ü: ю; ß: сс; ł: л; ø: ё
  å: о; æ: э; œ: ё; ñ: нь; ś: сь; ć: ч; ź: зь; ż: ж; ń: нь; š: ш; č: ч; ž: ж; ř: рж; ç: с; ş: ш; ğ: г; ı: ы; đ: дж
`);
const RUSSIAN_TO_UKRAINIAN = entries('и: і; ы: и; э: е; ё: ьо; ъ: ');

/** Cyrillic to Latin as English has it, then where other languages differ. */
const CYRILLIC_TO_LATIN = entries(`
  а: a; б: b; в: v; г: g; д: d; е: e; ё: yo; ж: zh; з: z; и: i; й: y; к: k; л: l; м: m; н: n; о: o; п: p; р: r; с: s
  т: t; у: u; ф: f; х: kh; ц: ts; ч: ch; ш: sh; щ: shch; ъ: ; ы: y; ь: ; э: e; ю: yu; я: ya; і: i; ї: yi; є: ye; ґ: g
  ў: w; ј: y; љ: ly; њ: ny; ћ: ch; ђ: j; џ: j
`);
const LATIN_DIFFERENCES: Readonly<Record<string, ReadonlyMap<string, string>>> = {
  de: entries(
    'в: w; ё: jo; ж: sch; з: s; й: i; х: ch; ц: z; ч: tsch; ш: sch; щ: schtsch; ю: ju; я: ja; ї: ji; є: je',
  ),
  es: entries('ж: y; х: j; ш: sh; щ: sch; ї: i; є: ie; ю: iu; я: ia; ё: io; й: i'),
  fr: entries('у: ou; ж: j; ч: tch; ш: ch; щ: chtch; ю: iou; я: ia; ё: io; й: ï; ї: ï; є: ie'),
  pl: entries(
    'в: w; ж: ż; й: j; х: ch; ц: c; ч: cz; ш: sz; щ: szcz; ю: ju; я: ja; ё: jo; ї: ji; є: je; г: g; ў: ł',
  ),
};

/** Names that spelling alone gives away wrongly. */
const RUSSIAN_NAMES = entries(`
  google: Гугл; zoom: Зум; youtube: Ютуб; facebook: Фейсбук; microsoft: Майкрософт; apple: Эппл; windows: Виндоус
  iphone: Айфон; wi-fi: вай-фай; wifi: вай-фай; bluetooth: блютус; twitter: Твиттер; whatsapp: Вотсап; skype: Скайп
  telegram: Телеграм; instagram: Инстаграм; amazon: Амазон; netflix: Нетфликс; linux: Линукс; github: Гитхаб
  online: онлайн; email: имейл; e-mail: имейл; teams: Тимс; excel: Эксель; word: Ворд; nike: Найк; ok: окей; it: ай-ти
  john: Джон; james: Джеймс; michael: Майкл; george: Джордж; smith: Смит; parley: Парли; covid: ковид; the: зе; new: нью
  york: Йорк; times: Таймс; joe: Джо; mary: Мэри; david: Дэвид; office: Офис; cloud: клауд; web: веб; java: джава
`);
const UKRAINIAN_NAMES = new Map([
  ...RUSSIAN_NAMES,
  ...entries(`
    apple: Еппл; windows: Віндовс; iphone: Айфон; bluetooth: блутус; microsoft: Майкрософт; facebook: Фейсбук
    twitter: Твіттер; netflix: Нетфлікс; linux: Лінукс; github: Гітхаб; teams: Тімс; excel: Ексель; smith: Сміт
    it: ай-ті; michael: Майкл; covid: ковід; mary: Мері; david: Девід; office: Офіс; parley: Парлі; skype: Скайп
  `),
]);

/**
 * Writes names of the other script in the language's own: voices skip letters they do not know.
 * By spelling, for want of the sound; names in common use have their own entries.
 */
export function writeInScript(text: string, { tag, letters: names }: SpokenLanguage): string {
  const cyrillic = ['ru', 'uk'].includes(tag) ? spellInitials(text, names) : text;
  if (tag === 'ru') return cyrillic.replace(LATIN_WORD, (word) => toCyrillic(word, RUSSIAN_NAMES));
  if (tag === 'uk')
    return cyrillic.replace(LATIN_WORD, (word) => {
      const named = UKRAINIAN_NAMES.get(word.toLowerCase());
      return named ?? letters(toCyrillic(word, new Map()), RUSSIAN_TO_UKRAINIAN, 1);
    });
  const table = new Map([...CYRILLIC_TO_LATIN, ...(LATIN_DIFFERENCES[tag] ?? [])]);
  return text.replace(/\p{Script=Cyrillic}+/gu, (word) => letters(word, table, 1));
}

/** Single letters by their names: B, p.m. */
function spellInitials(text: string, names: ReadonlyMap<string, string>): string {
  const initials = /(?<![\p{L}'-])(?:[A-Za-z]\.){2,6}|(?<![\p{L}'-])[A-Za-z](?![\p{L}'])/gu;
  return text.replace(initials, (written) =>
    Array.from(written.replaceAll('.', '').toUpperCase(), (letter) => names.get(letter) ?? '').join(
      '-',
    ),
  );
}

const LATIN_WORD = /\p{Script=Latin}+(?:['-]\p{Script=Latin}+)*/gu;

function toCyrillic(word: string, names: ReadonlyMap<string, string>): string {
  const lower = word.toLowerCase();
  const named = names.get(lower);
  if (named !== undefined) return named;
  if (lower.includes('-'))
    return word
      .split('-')
      .map((part) => toCyrillic(part, names))
      .join('-');
  // A silent e, as in Chrome.
  const name = word.length > 1 && word === word.toUpperCase() ? capitalised(lower) : word;
  const silent = /..[bcdfgklmnprstvz]e$/iu.test(name) ? name.slice(0, -1) : name;
  const written = letters(silent.replaceAll("'", ''), LATIN_TO_RUSSIAN, 4);
  return /^e(?![aeiy])/iu.test(lower) ? written.replace(/^е/u, 'э').replace(/^Е/u, 'Э') : written;
}

function capitalised(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}

/** Replaces by the longest entry at each place; a capital stays one. */
function letters(word: string, table: ReadonlyMap<string, string>, longest: number): string {
  let written = '';
  for (let at = 0; at < word.length;) {
    const key = longestKey(word, at, { table, longest });
    const source = key ?? word.slice(at, at + 1);
    const plain = source.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
    const target = table.get(key?.toLowerCase() ?? plain) ?? (key === undefined ? source : '');
    const capital = /^\p{Lu}/u.test(source);
    written += capital ? capitalised(target) : target;
    at += source.length;
  }
  return written;
}

function longestKey(
  word: string,
  at: number,
  { table, longest }: { table: ReadonlyMap<string, string>; longest: number },
): string | undefined {
  for (let length = longest; length > 0; length -= 1) {
    const part = word.slice(at, at + length);
    if (part.length === length && table.has(part.toLowerCase())) return part;
  }
  return undefined;
}
