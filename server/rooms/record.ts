import type { Caption } from '../../media/messages.ts';
import { LanguageTag } from '../protocol/ids.ts';
import type { HearChoice } from '../protocol/ids.ts';
import type { RecordLine, RecordPage } from '../protocol/record.ts';
import type { CaptionLine } from './captions.ts';
import { sameLanguage } from './language.ts';

/** Lines in one answer: some 250 kB at most, as utterances are cut at half a minute. */
export const PAGE_LINES = 200;

/** Languages that any of the lines was translated into, in order of their tags. */
export function recordLanguages(lines: readonly CaptionLine[]): readonly LanguageTag[] {
  const translated = lines.flatMap(({ caption }) => caption.translations.filter(hasWords));
  const tags = new Set(translated.map(({ language }) => language));
  return [...tags].sort().map((tag) => LanguageTag.parse(tag));
}

/** The lines behind `after` (a sequence) in their own language and in `language`; 'original' for none. */
export function recordPage(
  lines: readonly CaptionLine[],
  language: HearChoice,
  after = -1,
): RecordPage {
  const rest = lines.filter(({ sequence }) => sequence > after);
  const page = rest.slice(0, PAGE_LINES).map((line) => recordLine(line, language));
  return { lines: page, more: rest.length > PAGE_LINES };
}

function recordLine(line: CaptionLine, language: HearChoice): RecordLine {
  const { sequence, speaker, caption, corrected } = line;
  const translation = translationInto(caption, language);
  return {
    sequence,
    ...speaker,
    source: LanguageTag.parse(caption.source),
    original: caption.transcript.committed,
    ...(translation && {
      translation: {
        language: LanguageTag.parse(translation.language),
        text: translation.committed,
        spoken: translation.spoken,
      },
    }),
    ...(caption.gap && { gap: caption.gap }),
    ...(corrected && { corrected }),
    startedAt: caption.startedAt,
    ...(caption.endedAt !== undefined && { endedAt: caption.endedAt }),
  };
}

function translationInto({ translations }: Caption, language: HearChoice) {
  const there = translations.filter(hasWords);
  return (
    there.find((translation) => translation.language === language) ??
    there.find((translation) => sameLanguage(translation.language, language))
  );
}

function hasWords({ committed }: { readonly committed: string }): boolean {
  return committed !== '';
}
