import fc from 'fast-check';
import { vi } from 'vitest';
import type { hostRequests } from '../../server/protocol/hosting.ts';
import { HearChoice } from '../../server/protocol/ids.ts';
import type { RequestData } from '../../server/protocol/requests.ts';
import { GRACE_MS } from './attack-call.ts';
import { calm, checkAlways } from './attack-checks.ts';
import { choices, open, produce } from './attack-world.ts';
import type { Choices, Person, World } from './attack-world.ts';
import { tag } from './room-stage.ts';

type HostRequest = keyof typeof hostRequests;
type Act = (world: World) => void | Promise<void>;

class Command implements fc.AsyncCommand<object, World> {
  readonly #name: string;
  readonly #steps: number;
  readonly #act: Act;

  constructor(name: string, steps: number, act: Act) {
    this.#name = name;
    this.#steps = steps;
    this.#act = act;
  }

  check(): boolean {
    return true;
  }

  async run(_model: object, world: World): Promise<void> {
    await this.#act(world);
    await world.traffic.release(this.#steps);
    checkAlways(world);
  }

  toString(): string {
    return `${this.#name}+${this.#steps}`;
  }
}

/** A command of somebody's, if there is anybody. */
function of(name: string, act: (world: World, person: Person, wish: Choices) => void) {
  return fc
    .record({ who: fc.nat(6), steps: fc.nat(8), wish: choices })
    .map(({ who, steps, wish }) => {
      const text = `${name}(${who} ${wish.speak}>${wish.hear}${wish.hearOwn ? '+own' : ''})`;
      return new Command(text, steps, (world) => {
        const person = world.pick(who);
        if (person) act(world, person, wish);
      });
    });
}

function happens(name: string, act: (world: World, n: number) => void | Promise<void>) {
  return fc
    .tuple(fc.nat(6), fc.nat(8))
    .map(([n, steps]) => new Command(`${name}(${n})`, steps, (world) => act(world, n)));
}

/** Somebody asks for what only a host may do, and may not be one. */
function hosts<N extends HostRequest>(text: string, name: N, data: (n: number) => RequestData<N>) {
  return happens(text, (world, n) => {
    for (const person of world.people) {
      if (person.inside) world.tell(person, (line) => line.request(name, data(n)));
    }
  });
}

/** The same about somebody else. */
function aboutAnother(text: string, name: 'host:remove' | 'host:handOver') {
  return happens(text, (world, n) => {
    const peerId = world.pick(n)?.reader.peerId;
    const asking = world.pick(n + 1);
    if (peerId !== undefined && asking) {
      world.tell(asking, (line) => line.request(name, { peerId }));
    }
  });
}

const arrive = fc
  .record({ at: fc.nat(1), host: fc.boolean(), steps: fc.nat(8), wish: choices })
  .map(({ at, host, steps, wish }) => {
    const text = `arrive(${at} ${wish.speak}>${wish.hear}${wish.hearOwn ? '+own' : ''})`;
    return new Command(text, steps, (world) => world.arrive(at, host, wish));
  });

/** How often something happens, and what. */
export const commands: fc.Arbitrary<Command>[] = (
  [
    [6, arrive],
    [
      1,
      of('receive', (world, person) => {
        open(world, person, 'recv');
      }),
    ],
    [
      1,
      of('send', (world, person) => {
        open(world, person, 'send');
      }),
    ],
    [
      2,
      of('produce', (world, person) => {
        produce(world, person, 1);
      }),
    ],
    [
      1,
      of('produce another', (world, person) => {
        produce(world, person, 2);
      }),
    ],
    [
      1,
      of('stop producing', (world, person) => {
        const { microphone: producerId } = person;
        if (producerId === undefined) return;
        world.tell(person, (line) => line.request('closeProducer', { producerId }));
      }),
    ],
    [
      4,
      of('mute or unmute', (world, person, { hearOwn }) => {
        const { microphone: producerId } = person;
        if (producerId === undefined) return;
        const name = hearOwn ? 'pauseProducer' : 'resumeProducer';
        world.tell(person, (line) => line.request(name, { producerId }));
      }),
    ],
    [
      1,
      of('restart ICE', (world, person) => {
        const { recv: transportId } = person.transports;
        if (transportId === undefined) return;
        world.tell(person, (line) => line.request('restartIce', { transportId }));
      }),
    ],
    [
      4,
      of('choose', (world, person, { speak, hear, hearOwn }) => {
        person.choices = { ...person.choices, speak, hear, hearOwn };
        const data = { speak: tag(speak), hear: HearChoice.parse(hear), hearOwn };
        world.tell(person, (line) => line.request('translation:setLanguages', data));
      }),
    ],
    [2, hosts('lock', 'host:lock', (n) => ({ locked: n % 3 === 0 }))],
    [2, hosts('lobby', 'host:lobby', (n) => ({ on: n % 2 === 0 }))],
    [2, hosts('admit', 'host:admit', () => ({ peerId: 'all' }))],
    [1, hosts('refuse', 'host:refuse', () => ({ peerId: 'all' }))],
    [2, hosts('mute all', 'host:mute', () => ({ peerId: 'all' }))],
    [
      1,
      hosts('languages', 'host:languages', (n) => ({
        allowed: n < 3 ? null : [tag('es')],
        most: null,
      })),
    ],
    [1, hosts('end', 'host:end', () => ({}))],
    [1, aboutAnother('remove', 'host:remove')],
    [2, aboutAnother('hand over', 'host:handOver')],
    [
      2,
      of('join again', (world, person) => {
        if (person.line?.open) world.join(person);
      }),
    ],
    [
      1,
      of('leave', (world, person) => {
        world.tell(person, async (line) => {
          const answer = await line.request('leave', {});
          if (answer && person.line === line) person.inside = false;
          return answer;
        });
      }),
    ],
    [
      1,
      of('hang up', (_world, person) => {
        person.line?.hangUp();
        person.inside = false;
      }),
    ],
    [
      3,
      of('lose the socket', (world, person) => {
        const { line } = person;
        if (line?.open) world.start(() => line.cut());
        person.inside = false;
      }),
    ],
    [
      6,
      of('come back', (world, person) => {
        world.connect(person);
      }),
    ],
    [
      6,
      happens('say', (world, n) => {
        world.say(n, n % 2 === 0);
      }),
    ],
    [
      1,
      happens('worker dies', (world) => {
        world.server.loseWorker();
      }),
    ],
    [
      1,
      happens('media dies', (world) => {
        world.server.loseMedia();
      }),
    ],
    [
      2,
      happens('media starts', (world) => {
        world.server.startMedia();
      }),
    ],
    [
      1,
      happens('time passes', (_world, n) => {
        vi.advanceTimersByTime((GRACE_MS * n) / 4);
      }),
    ],
    [
      1,
      happens('drain', (world, n) => {
        if (n === 0) void world.server.rooms.drain(Date.now() + 60_000);
      }),
    ],
    [1, happens('restart', (world, n) => (n === 0 ? world.restart() : undefined))],
    [3, happens('calm', (world) => calm(world))],
  ] as const
).flatMap(([weight, command]) => Array.from({ length: weight }, () => command));
