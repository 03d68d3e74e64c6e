import { baseLanguage } from './base-language.ts';
import type { LanguagePair, SpokenPair } from '../protocol/task-models.ts';

/** Something that translates, and between which languages. */
export interface Translates {
  /** Short name, for people. */
  readonly engine: string;
  readonly pairs: readonly LanguagePair[];
}

/** How words in one language become words in another. */
export type Route =
  /** Nothing to do. */
  | { readonly kind: 'same' }
  /** In one step. */
  | { readonly kind: 'direct'; readonly engine: string }
  /** In two: into English, and as English text from there. English speech takes only the second. */
  | { readonly kind: 'through'; readonly via: string; readonly engines: readonly string[] }
  | { readonly kind: 'impossible' };

/** The language that every engine translates from and into best. */
export const HUB = 'en';

/**
 * Plans the way from each language into each other: in one step where `first` can do it, else through
 * English, which `then` takes on as text. Without `then` there is no second step.
 */
export class Routes {
  readonly #first: Translates;
  readonly #then: Translates | undefined;
  readonly #direct: ReadonlySet<string>;
  readonly #onward: ReadonlySet<string>;

  constructor(first: Translates, then?: Translates) {
    this.#first = first;
    this.#then = then;
    this.#direct = new Set(first.pairs.map(nameOf));
    this.#onward = new Set(then?.pairs.map(nameOf));
  }

  /** For BCP-47 tags; regions and scripts make no difference. */
  of(from: string, to: string): Route {
    const [source, target] = [baseLanguage(from), baseLanguage(to)];
    if (source === target) return { kind: 'same' };
    const { engine } = this.#first;
    if (this.#direct.has(nameOf({ source, target }))) return { kind: 'direct', engine };
    const isEnglish = source === HUB;
    const begins = isEnglish || this.#direct.has(nameOf({ source, target: HUB }));
    const ends = this.#onward.has(nameOf({ source: HUB, target }));
    if (this.#then === undefined || !begins || !ends) return { kind: 'impossible' };
    const { engine: onward } = this.#then;
    const engines = isEnglish || onward === engine ? [onward] : [engine, onward];
    return { kind: 'through', via: HUB, engines };
  }

  /** Every translation that is possible out of these languages, in their order. */
  pairs(sources: readonly string[]): readonly SpokenPair[] {
    const all = [...this.#first.pairs, ...(this.#then?.pairs ?? [])].map(({ target }) => target);
    const targets = [...new Set(all)];
    return sources.flatMap((source) =>
      targets.flatMap((target): SpokenPair | [] => {
        const route = this.of(source, target);
        if (route.kind === 'direct') return { source, target };
        if (route.kind !== 'through') return [];
        return source === route.via ? { source, target } : { source, target, via: route.via };
      }),
    );
  }
}

function nameOf({ source, target }: LanguagePair): string {
  return `${source} ${target}`;
}
