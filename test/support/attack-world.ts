import fc from 'fast-check';
import { vi } from 'vitest';
import type { RoomCreated } from '../../server/protocol/api.ts';
import type { Ack } from '../../server/protocol/errors.ts';
import { HearChoice } from '../../server/protocol/ids.ts';
import type { ProducerId, TransportId } from '../../server/protocol/ids.ts';
import type { RequestData } from '../../server/protocol/requests.ts';
import { Line, ServerLife } from './attack-call.ts';
import type { Traffic } from './attack-delays.ts';
import { Reader } from './attack-reader.ts';
import { opusCapabilities, opusParameters } from './fake-sfu.ts';
import { tag } from './room-stage.ts';

const languages = ['en', 'es', 'ca', 'de', 'fr'];

export const choices = fc.record({
  speak: fc.constantFrom(...languages),
  hear: fc.constantFrom('original', ...languages),
  hearOwn: fc.boolean(),
  /** What their page sets up by itself, and again after a reset. */
  media: fc.constantFrom('none', 'listens', 'speaks', 'speaks'),
});
export type Choices = typeof choices extends fc.Arbitrary<infer T> ? T : never;

/** A person and their one page, whatever sockets it goes through. */
export class Person {
  readonly reader = new Reader();
  readonly room: RoomCreated;
  token: string;
  choices: Choices;
  /** Every socket there was, the last one in use. */
  readonly lines: Line[] = [];
  /** By direction, as last answered. */
  readonly transports: { send?: TransportId; recv?: TransportId } = {};
  microphone: ProducerId | undefined;
  inside = false;

  constructor(room: RoomCreated, token: string, choices: Choices) {
    this.room = room;
    this.token = token;
    this.choices = choices;
  }

  get line(): Line | undefined {
    return this.lines.at(-1);
  }

  get wish(): RequestData<'join'> {
    const { speak, hear, hearOwn } = this.choices;
    const { revision } = this.reader;
    return {
      ...{ displayName: 'Ann', hearOwn, keepWords: false, rtpCapabilities: opusCapabilities },
      ...{ speak: tag(speak), hear: HearChoice.parse(hear) },
      ...(revision !== undefined && { captionsAfter: revision }),
    };
  }
}

export class World {
  readonly traffic: Traffic;
  server: ServerLife;
  readonly rooms: readonly RoomCreated[];
  readonly people: Person[] = [];
  /** What must not have happened. */
  readonly faults: string[] = [];
  #life = 0;
  #utterance = 0;

  constructor(traffic: Traffic) {
    this.traffic = traffic;
    this.server = new ServerLife(this.#life, traffic);
    this.rooms = [this.server.door.create(), this.server.door.create()];
  }

  pick(who: number): Person | undefined {
    return this.people[who % Math.max(this.people.length, 1)];
  }

  /** Something that goes on beside all else. */
  start(act: () => Promise<unknown>): void {
    act().catch((error: unknown) => {
      this.faults.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
    });
  }

  async arrive(at: number, host: boolean, wanted: Choices): Promise<void> {
    const room = this.rooms[at % this.rooms.length];
    if (!room || this.people.length >= 7) return;
    const key = host ? room.hostKey : room.guestKey;
    const entrance = await this.server.door.enter(room.roomId, key).catch(() => undefined);
    if (!entrance) return;
    const person = new Person(room, entrance.token, wanted);
    person.reader.onReset = () => {
      setUp(this, person);
    };
    person.reader.onAdmitted = () => {
      this.join(person);
    };
    this.people.push(person);
    this.connect(person);
  }

  /** By a new socket; one that is there may go on beside it. */
  connect(person: Person): void {
    person.lines.push(new Line(this.server, person.token, person.reader, this.traffic));
    this.join(person);
  }

  join(person: Person): void {
    const { line } = person;
    if (!line) return;
    this.start(async () => {
      const answer = await line.join(person.wish);
      if (!answer || person.line !== line) return;
      person.inside = answer.ok;
      if (!answer.ok) return;
      person.token = answer.data.session;
      const held = answer.data.media.transports;
      const { send, recv } = person.transports;
      if ([send, recv].some((id) => id === undefined || !held.includes(id))) setUp(this, person);
    });
  }

  /** What a page says; the answer may never come. */
  tell(person: Person, say: (line: Line) => Promise<Ack<unknown> | undefined>): void {
    const { line } = person;
    if (line?.open) this.start(() => say(line));
  }

  say(who: number, final: boolean): void {
    const speakers = [...this.server.media.speakers.values()];
    const speaker = speakers[who % Math.max(speakers.length, 1)];
    if (!speaker) return;
    const utterance = final ? this.#utterance++ : this.#utterance;
    this.server.media.say(speaker, { utterance, text: 'words', final });
  }

  /** The server ends, and another one with its secret begins. */
  async restart(): Promise<void> {
    const before = this.server;
    const inside = this.people.filter((person) => person.inside);
    before.rooms.close();
    for (const person of this.people) {
      for (const line of person.lines) line.close();
      person.inside = false;
    }
    await this.quiet();
    const left = before.sfu.openObjects + before.media.speakers.size;
    if (left > 0) this.faults.push(`${left} things outlived the server`);
    vi.setSystemTime(Date.now() + 60_000);
    this.server = new ServerLife(++this.#life, this.traffic);
    for (const person of inside) this.connect(person);
  }

  async quiet(): Promise<void> {
    await this.traffic.quiet();
  }
}

/** As a page does that has nothing: transports first, then what goes over them. */
export function setUp(world: World, person: Person): void {
  const { media } = person.choices;
  if (media === 'none') return;
  open(world, person, 'recv');
  if (media !== 'speaks') return;
  open(world, person, 'send', () => {
    produce(world, person, 1);
  });
}

const microphone = { kind: 'audio', source: 'microphone' } as const;

export function produce(world: World, person: Person, ssrc: number): void {
  const { send } = person.transports;
  if (send === undefined) return;
  const rtpParameters = { ...opusParameters, encodings: [{ ssrc }] };
  world.tell(person, async (line) => {
    const answer = await line.request('produce', {
      ...{ ...microphone, transportId: send, rtpParameters },
    });
    if (answer?.ok === true) person.microphone = answer.data.producerId;
    return answer;
  });
}

export function open(
  world: World,
  person: Person,
  direction: 'send' | 'recv',
  then: () => void = () => undefined,
): void {
  world.tell(person, async (line) => {
    const answer = await line.request('createWebRtcTransport', { direction });
    if (answer?.ok !== true) return answer;
    person.transports[direction] = answer.data.id;
    then();
    return answer;
  });
}
