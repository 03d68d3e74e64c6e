import { setTimeout } from 'node:timers/promises';
import { LOOP_MS } from './browsers.ts';
import { waitAnyway, type Awaited } from './calm.ts';
import type { Person } from './hosts.ts';
import type { Seen } from './page-watch.ts';
import { Participant } from './participant.ts';
import { compare, firstHeard, type Comparison, type Span } from './sightings.ts';
import type { Site } from './site.ts';
import { until } from './until.ts';

/** Long enough to see the wait for new words at every place of the loop, twice. */
const CALM_MS = 2 * LOOP_MS + 7_000;
const FIRST_WORDS_MS = 30_000;

/** A call of two: Ann speaks English without end, Luz hears her in Spanish and is silent. */
export class LabCall implements AsyncDisposable {
  readonly site: Site;
  readonly people: Readonly<Record<Person, Participant>>;
  #calm: { readonly seen: readonly Seen[]; readonly span: Span } | undefined;

  private constructor(site: Site, people: Readonly<Record<Person, Participant>>) {
    this.site = site;
    this.people = people;
  }

  static async open(site: Site, { relayOnly = false } = {}): Promise<LabCall> {
    const { browsers, server } = site;
    const where = { url: server.url, relayOnly };
    const speaker = await Participant.enter(browsers.of('speaker'), where, {
      ...{ name: 'Ann', speak: 'en', hear: 'en' },
    });
    const listener = await Participant.enter(
      browsers.of('listener'),
      { ...where, link: speaker.link },
      { name: 'Luz', speak: 'es', hear: 'es' },
    );
    return new LabCall(site, { speaker, listener });
  }

  /** Waits until the listener hears the first translated words. Rejects when there are none. */
  async untilHeard(): Promise<void> {
    const { listener } = this.people;
    const heard = async (): Promise<boolean> =>
      firstHeard(await listener.seen(), 'translated', 0) !== undefined;
    if (!(await until(heard, FIRST_WORDS_MS))) throw new Error('no translation is heard');
  }

  /** The call as it runs when nothing is wrong, to compare waits with. */
  async observeCalm(): Promise<void> {
    await this.untilHeard();
    const from = Date.now();
    await setTimeout(CALM_MS);
    this.#calm = { seen: await this.people.listener.seen(), span: { from, to: Date.now() } };
  }

  /** What was seen by the listener in the undisturbed part. */
  get calm(): { readonly seen: readonly Seen[]; readonly span: Span } {
    if (this.#calm === undefined) throw new Error('the undisturbed call was not observed');
    return this.#calm;
  }

  /** What the listener would have waited from `since` on if nothing had been wrong. */
  waitAnyway(what: Awaited, since: number): number {
    const wait = waitAnyway(this.calm.seen, this.calm.span, { what, since });
    if (wait === undefined) throw new Error('the undisturbed call was observed too briefly');
    return wait;
  }

  /** Whether both pages show the same finished lines of Ann's, each once and in order. */
  async comparison(): Promise<Comparison> {
    const { speaker, listener } = this.people;
    const [hers, heard] = await Promise.all([speaker.lines('Ann'), listener.lines('Ann')]);
    const [one, other] = [compare(heard, hers), compare(hers, heard)];
    return {
      missing: one.missing + other.missing,
      repeated: one.repeated + other.repeated,
      inOrder: one.inOrder && other.inOrder,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(Object.values(this.people).map((person) => person[Symbol.asyncDispose]()));
  }
}
