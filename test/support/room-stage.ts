import { nanoid } from 'nanoid';
import { pino } from 'pino';
import type { EngineInfo } from '../../server/protocol/events.ts';
import { HearChoice, LanguageTag, PeerId, RoomId } from '../../server/protocol/ids.ts';
import { MediaPlaces } from '../../server/rooms/media-places.ts';
import type { TranscriptSink } from '../../server/rooms/minutes.ts';
import { Room } from '../../server/rooms/room.ts';
import type { Joined } from '../../server/rooms/room.ts';
import { FakeOutbox } from './fake-outbox.ts';
import { FakeSfu, opusCapabilities, opusParameters } from './fake-sfu.ts';
import { FakeSpeechMedia } from './fake-speech-media.ts';

export const silent = pino({ level: 'silent' });
export const tag = (text: string): LanguageTag => LanguageTag.parse(text);

/** An engine that turns English into Spanish and Catalan, and recognises German without translating it. */
export const englishEngine: EngineInfo = {
  state: 'ready',
  name: 'test',
  pairs: [
    { source: tag('en'), target: tag('es') },
    { source: tag('en'), target: tag('ca') },
  ],
  recognises: [tag('en'), tag('de')],
};

export interface Guest extends Joined {
  readonly outbox: FakeOutbox;
  readonly id: string;
}

export interface GuestChoices {
  readonly name?: string;
  readonly speak?: string;
  readonly hear?: string;
  readonly hearOwn?: boolean;
  readonly keepWords?: boolean;
  /** Comes as someone in particular, perhaps for the second time. */
  readonly as?: string;
  /** The last change of a caption they know. */
  readonly captionsAfter?: number;
}

/** A room over a fake SFU and a fake media process, and people to put into it. */
export class RoomStage {
  readonly sfu = new FakeSfu();
  readonly media = new FakeSpeechMedia(englishEngine);
  emptied = 0;
  readonly room: Room;

  constructor(
    limits: {
      maxPeers?: number;
      captionReplay?: number;
      graceMs?: number;
      maxTracksPerPeer?: number;
      transcripts?: TranscriptSink;
    } = {},
  ) {
    this.room = new Room({
      id: RoomId.parse('a'.repeat(22)),
      sfu: this.sfu,
      place: new MediaPlaces([this.media], 100).open(),
      maxPeers: limits.maxPeers ?? 16,
      captionReplay: limits.captionReplay ?? 50,
      graceMs: limits.graceMs ?? 30_000,
      openedAt: 0,
      transcripts: limits.transcripts,
      maxTracksPerPeer: limits.maxTracksPerPeer ?? 64,
      iceServers: () => [],
      onEmpty: () => (this.emptied += 1),
      log: silent,
    });
  }

  join({
    name = 'Ann',
    speak = 'en',
    hear = 'original',
    hearOwn = false,
    keepWords = false,
    as = nanoid(),
    captionsAfter,
  }: GuestChoices = {}): Guest {
    const outbox = new FakeOutbox();
    const joined = this.room.join(
      { peerId: PeerId.parse(as), role: 'guest' },
      {
        displayName: name,
        speak: tag(speak),
        hear: HearChoice.parse(hear),
        ...{ hearOwn, keepWords },
        rtpCapabilities: opusCapabilities,
        ...(captionsAfter !== undefined && { captionsAfter }),
      },
      outbox,
    );
    return { ...joined, outbox, id: joined.result.peerId };
  }

  /** Someone who receives but sends nothing. */
  async listener(choices: GuestChoices = {}): Promise<Guest> {
    const guest = this.join(choices);
    await guest.participation.createTransport('recv');
    await settled();
    return guest;
  }

  /** Someone who receives and sends a microphone. */
  async speaker(choices: GuestChoices = {}): Promise<Guest> {
    const guest = await this.listener(choices);
    await publish(guest);
    return guest;
  }
}

export async function publish(guest: Guest, source: 'microphone' | 'tab' = 'microphone') {
  const { id } = await guest.participation.createTransport('send');
  const producerId = await guest.participation.produce({
    transportId: id,
    kind: 'audio',
    source,
    rtpParameters: opusParameters,
  });
  await settled();
  return producerId;
}

/** Resolves when everything that the fakes can do by themselves has been done. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
