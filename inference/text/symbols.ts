import { entries } from './noun.ts';

/** Currency signs and codes, by the code under which languages have their nouns. */
export const CURRENCIES = entries(`
  $: USD; US$: USD; USD: USD; €: EUR; EUR: EUR; £: GBP; GBP: GBP; ₽: RUB; RUB: RUB; ₴: UAH; UAH: UAH
  zł: PLN; PLN: PLN; ¥: JPY; JPY: JPY; CHF: CHF; CNY: CNY; руб.: RUB; руб: RUB; грн.: UAH; грн: UAH
`);

/** The hundredth of a currency, where cents are said: 5.50. */
export const HUNDREDTHS = entries(
  `USD: cent; EUR: eurocent; GBP: penny; RUB: kopeck; UAH: kopiyka; PLN: grosz; CHF: rappen`,
);

/** Powers of a thousand as they stand behind numbers. */
export const SCALES = entries(`
  thousand: thousand; K: thousand; тыс.: thousand; тыс: thousand; тис.: thousand; тис: thousand; tys.: thousand
  million: million; mln: million; mln.: million; Mio.: million; Mio: million; M: million; млн: million; млн.: million
  billion: billion; bn: billion; Mrd.: billion; Mrd: billion; mld: billion; mrd: billion; млрд: billion; млрд.: billion
  trillion: trillion; trn: trillion; Bio.: trillion; трлн: trillion; трлн.: trillion
`);

/** Units as they stand behind numbers, by the symbol under which languages have their nouns. */
export const UNITS = entries(`
  km: km; км: km; m: m; м: m; cm: cm; см: cm; mm: mm; мм: mm; kg: kg; кг: kg; g: g; г: g; mg: mg; мг: mg
  t: t; т: t; l: l; L: l; л: l; ml: ml; мл: ml; km/h: km/h; kmh: km/h; км/ч: km/h; км/год: km/h
  km²: km²; км²: km²; m²: m²; м²: m²; m³: m³; м³: m³; ha: ha; га: ha; m/s: m/s; м/с: m/s; mph: mph; lb: lb; lbs: lb
  ft: ft; mi: mi; °C: °C; ℃: °C; °С: °C; °F: °F; ℉: °F; °: °; %: %; KB: KB; kB: KB; КБ: KB; MB: MB; МБ: MB
  GB: GB; ГБ: GB; Гб: GB; TB: TB; ТБ: TB; W: W; Вт: W; kW: kW; кВт: kW; kWh: kWh; Hz: Hz; Гц: Hz; kHz: kHz; кГц: kHz
  MHz: MHz; МГц: MHz; GHz: GHz; ГГц: GHz; h: h; hr: h; hrs: h; ч: h; ч.: h; min: min; min.: min; мин: min; мин.: min
  хв: min; хв.: min; Std.: h; godz.: h; sec: s; сек: s; сек.: s; sek.: s
`);

/** What a language must have nouns for. */
export const NOUN_KEYS: ReadonlySet<string> = new Set(
  [CURRENCIES, HUNDREDTHS, SCALES, UNITS].flatMap((table) => [...table.values()]),
);

/** A regular expression's source that matches any of `spellings`, the longest first. */
export function anyOf(spellings: Iterable<string>): string {
  return [...spellings]
    .sort((a, b) => b.length - a.length)
    .map((spelling) => spelling.replace(/[$.*+?^()[\]{}|\\/]/gu, '\\$&'))
    .join('|');
}
