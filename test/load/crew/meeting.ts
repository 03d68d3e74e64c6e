import { z } from 'zod';
import { BotMicrophone } from '../../support/bot-microphone.ts';
import type { Sent } from '../../support/bot-media.ts';
import { Refused } from '../../support/chaos-line.ts';
import { LoadBot } from './load-bot.ts';
import type { Seat, Speaker } from './load-bot.ts';
import { patiently } from './patience.ts';
import type { Outlook } from './patience.ts';
import { phraseEnds } from './speech-script.ts';
import type { SpeechScript } from './speech-script.ts';

const Made = z.object({ roomId: z.string(), guestKey: z.string() });
const No = z.object({ code: z.string() });

/** Three of four speakers send nothing while they are silent, as browsers can. */
const WITHOUT_DTX = 4;

export interface MeetingPlan {
  readonly url: string;
  /** Counts the meetings of the whole load. */
  readonly index: number;
  readonly peers: number;
  readonly speakers: number;
  readonly languages: readonly string[];
  readonly script: SpeechScript;
}

/** One meeting of bots. */
export class Meeting {
  readonly #plan: MeetingPlan;
  readonly #outlook: Outlook;
  readonly #bots: LoadBot[] = [];
  readonly #speakers: Speaker[] = [];
  readonly #microphones: BotMicrophone[] = [];

  private constructor(plan: MeetingPlan, outlook: Outlook) {
    this.#plan = plan;
    this.#outlook = outlook;
  }

  /** Resolves when everybody is in who is let in. */
  static async hold(plan: MeetingPlan, outlook: Outlook): Promise<Meeting> {
    const meeting = new Meeting(plan, outlook);
    const room = await patiently(outlook, () => makeRoom(plan.url));
    if (room === undefined) return meeting;
    for (let seat = 0; seat < plan.speakers; seat += 1) await meeting.#speaker(room, seat);
    for (let seat = 0; seat < plan.peers - plan.speakers; seat += 1) {
      await meeting.#listener(room, seat);
    }
    return meeting;
  }

  get bots(): readonly LoadBot[] {
    return this.#bots;
  }

  async end(): Promise<void> {
    for (const microphone of this.#microphones) microphone[Symbol.dispose]();
    await Promise.all(this.#bots.map((bot) => bot.leave()));
  }

  async #speaker(room: string, seat: number): Promise<void> {
    const { url, script, index, speakers } = this.#plan;
    const number = index * speakers + seat;
    const phrase = script.phrases[number % script.phrases.length];
    const fromMs = phrase?.startMs ?? 0;
    // It goes on through a reset of the media, so that it is known when each phrase ends.
    const { microphone, startedAt } = this.#microphone(fromMs);
    const open = (): Sent => ({ track: microphone.track, [Symbol.dispose]: () => undefined });
    const sending = { open, dtx: number % WITHOUT_DTX !== 0 };
    const seats = { url, room, hear: 'original', asked: [] };
    const bot = await this.#admit({ ...seats, sending, waitsFor: 'send' });
    if (bot === undefined) return;
    const ends = () => phraseEnds(script, startedAt, fromMs);
    this.#speakers.push({ peerId: bot.peerId, ends });
  }

  async #listener(room: string, seat: number): Promise<void> {
    const { url, languages } = this.#plan;
    const hear = languages[seat % languages.length] ?? 'original';
    const asked = seat < languages.length ? this.#speakers : [];
    const waitsFor = this.#speakers.length > 0 ? 'recv' : undefined;
    await this.#admit({ url, room, hear, asked, waitsFor });
  }

  #microphone(fromMs: number) {
    const startedAt = performance.now();
    const microphone = new BotMicrophone(this.#plan.script.samples, fromMs);
    this.#microphones.push(microphone);
    return { microphone, startedAt };
  }

  async #admit(seat: Seat): Promise<LoadBot | undefined> {
    const bot = await patiently(this.#outlook, () => LoadBot.join(seat, this.#outlook));
    if (bot) this.#bots.push(bot);
    return bot;
  }
}

/** What follows `/r/` in the link for guests. Rejects with a Refused. */
async function makeRoom(url: string): Promise<string> {
  const response = await fetch(`${url}/api/rooms`, { method: 'POST' });
  const answer: unknown = await response.json();
  const no = response.ok ? undefined : No.safeParse(answer).data;
  if (no) throw new Refused('rooms', no.code);
  const { roomId, guestKey } = Made.parse(answer);
  return `${roomId}#k=${guestKey}`;
}
