import { AwaitQueue, AwaitQueueStoppedError } from 'awaitqueue';
import type { SpeakerKey, LanguageText } from '../../media/messages.ts';
import { RequestError } from '../errors.ts';
import { roomTag } from '../log.ts';
import type { Logger } from '../log.ts';
import type { PeerId, RoomId } from '../protocol/ids.ts';
import type { CallStats } from '../protocol/stats.ts';
import type { RouterEvents, Sfu, SfuRouter } from '../sfu/ports.ts';
import { CallMedia } from './call-media.ts';
import type { Scene } from './call-media.ts';
import { Interpreting } from './interpreting.ts';
import type { InterpretingOptions } from './interpreting.ts';
import type { Peer } from './peer.ts';
import type { SpeechMedia } from './ports.ts';
import { callStats } from './stats.ts';

export interface ArrangementOptions extends Omit<InterpretingOptions, 'log' | 'room'> {
  readonly roomId: RoomId;
  readonly sfu: Sfu;
  /** The media process that serves the room now. */
  readonly media: () => SpeechMedia;
  /** Who is here and what that asks for. */
  readonly scene: () => Scene;
  readonly events: RouterEvents;
  readonly maxTracksPerPeer: number;
  readonly log: Logger;
}

/** Brings a room's media into the state they should be in, one reconciliation at a time. */
export class Arrangement {
  readonly #options: ArrangementOptions;
  readonly #interpreting: Interpreting;
  readonly #media: CallMedia;
  readonly #queue = new AwaitQueue();
  #reconciling = false;
  #ended = false;

  constructor(options: ArrangementOptions) {
    this.#options = options;
    const { sfu, media, events, maxTracksPerPeer, listen, onEnded, log } = options;
    const room = roomTag(options.roomId);
    this.#interpreting = new Interpreting({ listen, onEnded, room, log });
    this.#media = new CallMedia({
      ...{ sfu, media, events, log },
      interpreting: this.#interpreting,
      maxTracks: maxTracksPerPeer,
    });
  }

  /** Asks for one more reconciliation; several requests before it starts are one. */
  update(): void {
    if (this.#reconciling || this.#ended) return;
    this.#reconciling = true;
    this.#queue
      .push(async () => {
        this.#reconciling = false;
        await this.#media.reconcile(this.#options.scene);
      })
      .catch((error: unknown) => {
        if (error instanceof AwaitQueueStoppedError) return;
        this.#options.log.error({ err: error }, 'a room could not be arranged');
      });
  }

  /** The room's router, made anew when the last one was lost, for someone who is still here. */
  async router(peer: Peer): Promise<SfuRouter> {
    const left = () => new RequestError('notJoined', 'the call was left meanwhile');
    try {
      return await this.#queue.push(() => {
        if (peer.closed) throw left();
        return this.#media.router();
      });
    } catch (error) {
      throw error instanceof AwaitQueueStoppedError ? left() : error;
    }
  }

  /**
   * Has the voices of a person say these after what they are saying; resolves to the languages in
   * which somebody hears it. Rejects with a RequestError.
   */
  async speak(
    peerId: PeerId,
    speaker: SpeakerKey,
    texts: readonly LanguageText[],
  ): Promise<readonly string[]> {
    return (await this.#interpreting.speakerOf(peerId, speaker)?.say(texts)) ?? [];
  }

  /** Lets go at once of a media process that is gone, or no longer the room's. */
  dropDeadLink(): void {
    this.#media.dropDeadLink();
  }

  /** Rejects with a RequestError 'unavailable'. */
  async stats(): Promise<CallStats> {
    const { speakers } = this.#interpreting;
    return callStats(await this.#options.media().stats([...speakers.keys()]), speakers);
  }

  /** Closes everything for good. */
  end(): void {
    this.#ended = true;
    this.#queue.stop();
    this.#media.end();
  }
}
