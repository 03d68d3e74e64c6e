import { nanoid } from 'nanoid';
import { pino } from 'pino';
import type { Detect } from '../../server/protocol/detection.ts';
import type { EngineInfo } from '../../server/protocol/events.ts';
import { HearChoice, LanguageTag, PeerId, RoomId } from '../../server/protocol/ids.ts';
import type { Role, TransportId, VoicePreference } from '../../server/protocol/ids.ts';
import type { RequestData } from '../../server/protocol/requests.ts';
import type { RtpCapabilities } from '../../server/protocol/rtp.ts';
import { kindOf } from '../../server/protocol/sources.ts';
import type { Source } from '../../server/protocol/sources.ts';
import type { Entrant } from '../../server/rooms/attendance.ts';
import { MediaPlaces } from '../../server/rooms/media-places.ts';
import type { TranscriptSink } from '../../server/rooms/minutes.ts';
import { Moderation } from '../../server/rooms/moderation.ts';
import type { RoomObserver } from '../../server/rooms/observer.ts';
import { Room } from '../../server/rooms/room.ts';
import type { Joined } from '../../server/rooms/room.ts';
import { FakeOutbox } from './fake-outbox.ts';
import { FakeSfu, opusParameters, vp8Capabilities, vp8Parameters } from './fake-sfu.ts';
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
  texts: [],
  identifies: [],
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
  readonly voice?: VoicePreference;
  readonly detect?: Detect;
  /** Comes as someone in particular, perhaps for the second time. */
  readonly as?: string;
  readonly role?: Role;
  /** With proof that they were in. */
  readonly returning?: boolean;
  /** The last change of a caption they know. */
  readonly captionsAfter?: number;
  /** Whether the machine may hear them. */
  readonly consent?: boolean;
  /** What their page can receive; left out: Opus and VP8. */
  readonly rtpCapabilities?: RtpCapabilities;
}

/** A room over a fake SFU and a fake media process, and people to put into it. */
export class RoomStage {
  readonly sfu = new FakeSfu();
  readonly media = new FakeSpeechMedia(englishEngine);
  emptied = 0;
  ended = 0;
  readonly room: Room;

  constructor(
    limits: {
      maxPeers?: number;
      captionReplay?: number;
      captionsKept?: number;
      graceMs?: number;
      maxTracksPerPeer?: number;
      maxWaiting?: number;
      waitMs?: number;
      moderation?: Moderation;
      transcripts?: TranscriptSink;
      observer?: RoomObserver;
      consentRequired?: boolean;
    } = {},
  ) {
    this.room = new Room({
      id: RoomId.parse('a'.repeat(22)),
      sfu: this.sfu,
      place: new MediaPlaces([this.media], 100).open(),
      maxPeers: limits.maxPeers ?? 16,
      captionReplay: limits.captionReplay ?? 50,
      captionsKept: limits.captionsKept ?? 500,
      graceMs: limits.graceMs ?? 30_000,
      maxWaiting: limits.maxWaiting ?? 3,
      waitMs: limits.waitMs ?? 60_000,
      moderation: limits.moderation ?? new Moderation(),
      openedAt: 0,
      consentRequired: limits.consentRequired,
      transcripts: limits.transcripts,
      observer: limits.observer,
      maxTracksPerPeer: limits.maxTracksPerPeer ?? 64,
      iceServers: () => [],
      onEmpty: () => (this.emptied += 1),
      onEnded: () => (this.ended += 1),
      log: silent,
    });
  }

  join(choices: GuestChoices = {}): Guest {
    const outbox = new FakeOutbox();
    const joined = this.room.join(entrantOf(choices), requestOf(choices), outbox);
    return { ...joined, outbox, id: joined.result.peerId };
  }

  /** Someone who asks to be let in; `giveUp` is undefined when they need not ask. */
  knock(choices: GuestChoices & { readonly as: string }) {
    const outbox = new FakeOutbox();
    const giveUp = this.room.knock(entrantOf(choices), requestOf(choices), outbox);
    return { outbox, giveUp };
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

function entrantOf({ as = nanoid(), role = 'guest', returning = false }: GuestChoices): Entrant {
  return { peerId: PeerId.parse(as), role, returning };
}

function requestOf(choices: GuestChoices): RequestData<'join'> {
  const { name = 'Ann', speak = 'en', hear = 'original', captionsAfter, voice, detect } = choices;
  const { hearOwn = false, keepWords = false, consent } = choices;
  return {
    displayName: name,
    speak: tag(speak),
    hear: HearChoice.parse(hear),
    ...{ hearOwn, keepWords },
    rtpCapabilities: choices.rtpCapabilities ?? vp8Capabilities,
    ...(captionsAfter !== undefined && { captionsAfter }),
    ...(voice !== undefined && { voice }),
    ...(consent !== undefined && { consent }),
    ...(detect !== undefined && { detect }),
  };
}

/** On a transport of their own, or on this one. */
export async function publish(guest: Guest, source: Source = 'microphone', on?: TransportId) {
  const transportId = on ?? (await guest.participation.createTransport('send')).id;
  const kind = kindOf(source);
  const producerId = await guest.participation.produce({
    ...{ transportId, kind, source },
    rtpParameters: kind === 'audio' ? opusParameters : vp8Parameters,
  });
  await settled();
  return producerId;
}

/** Resolves when everything that the fakes can do by themselves has been done. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
