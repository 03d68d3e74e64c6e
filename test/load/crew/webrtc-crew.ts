import type { WebRtcJob } from './messages.ts';
import { Meeting } from './meeting.ts';
import type { Outlook } from './patience.ts';
import { librivoxScript } from './speech-script.ts';

/** The receivers of each bot are looked at every so many seconds. */
const LOOK_EVERY = 5;

/** People that one process is. */
export interface Crew {
  /** Resolves when everybody is in who is let in. */
  begin(): Promise<void>;
  /** Called once a second. */
  look(): Promise<void>;
  end(): Promise<void>;
}

/** Meetings over WebRTC, one begun after the other. */
export class WebRtcCrew implements Crew {
  readonly #job: WebRtcJob;
  readonly #outlook: Outlook;
  readonly #meetings: Meeting[] = [];
  #second = 0;

  constructor(job: WebRtcJob, outlook: Outlook) {
    this.#job = job;
    this.#outlook = outlook;
  }

  async begin(): Promise<void> {
    const script = await librivoxScript();
    const { rooms, firstRoom, ...plan } = this.#job;
    for (let room = 0; room < rooms && !this.#outlook.over.aborted; room += 1) {
      const index = firstRoom + room;
      this.#meetings.push(await Meeting.hold({ ...plan, index, script }, this.#outlook));
    }
  }

  async look(): Promise<void> {
    this.#second += 1;
    const bots = this.#meetings.flatMap((meeting) => meeting.bots);
    const due = bots.filter((_, index) => index % LOOK_EVERY === this.#second % LOOK_EVERY);
    await Promise.all(due.map((bot) => bot.look()));
  }

  async end(): Promise<void> {
    await Promise.all(this.#meetings.map((meeting) => meeting.end()));
  }
}
