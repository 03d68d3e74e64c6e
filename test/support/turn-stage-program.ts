import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { createLogger } from '../../server/log.ts';
import { Relays } from '../../server/turn/relays.ts';
import { answersStun } from '../../server/turn/stun-ping.ts';
import { eventually } from './eventually.ts';
import { TurnProbe } from './turn-probe.ts';
import type { TurnCode, TurnEndpoint, TurnLogin } from './turn-probe.ts';
import type {
  FloodRequest,
  ProbeOutcome,
  ProbeRequest,
  StageReply,
  StageRequest,
  TurnStageOptions,
} from './turn-stage-messages.ts';

/** Runs in a network of its own: gives it addresses, runs a relay on it and probes that. */

const ALLOCATION_MISMATCH = 437;

const options = JSON.parse(process.argv[2] ?? '') as TurnStageOptions;
const { addresses, host, announcedAddresses, turn, tls } = options;

ip('link', 'set', 'lo', 'up');
ip('link', 'add', 'net0', 'type', 'veth', 'peer', 'name', 'net1');
for (const address of addresses) {
  ip('address', 'add', address, 'dev', 'net0', ...(address.includes(':') ? ['nodad'] : []));
}
for (const link of ['net0', 'net1']) ip('link', 'set', link, 'up');

// The kernel takes a moment to see that they are connected; an interface that is not has no addresses.
await eventually(() => {
  const there = networkInterfaces()['net0']?.map(({ cidr }) => cidr) ?? [];
  return addresses.every((address) => there.includes(address));
});

const log = createLogger('stage', 'info');
const starting = Relays.create({ options: turn, host, announcedAddresses, tls, log });

process.on('message', (request: StageRequest) => {
  void answer(request).then(reply);
});
process.on('SIGTERM', () => {
  void stop();
});
process.on('disconnect', () => {
  void stop();
});

try {
  await starting;
  reply({ id: -1 });
} catch (error) {
  reply({ id: -1, failed: String(error) });
}

async function answer({ id, ask }: StageRequest): Promise<StageReply> {
  try {
    const relays = await starting;
    switch (ask.type) {
      case 'probe':
        return { id, probe: await probe(ask.probe) };
      case 'flood':
        return { id, flood: await flood(ask.flood) };
      case 'answers':
        return { id, answers: await answersStun(ask.address, ask.port) };
      case 'ice-servers':
        return { id, iceServers: relays.iceServers(ask.peerId, ask.now) };
      case 'restarts':
        return { id, restarts: relays.restarts };
      default:
        return ask satisfies never;
    }
  } catch (error) {
    return { id, failed: String(error) };
  }
}

async function probe({
  endpoint,
  login,
  family,
  peers,
  echo,
}: ProbeRequest): Promise<ProbeOutcome> {
  const { turnProbe, code: allocate } = await allocated(endpoint, login, family);
  try {
    if (allocate !== 0) return { allocate, peers: {} };
    const codes: Record<string, number> = {};
    for (const peer of peers) codes[peer] = await turnProbe.permit(peer);
    const echoed = echo && (await sendAndReceive(turnProbe, echo.peer, echo.text));
    const release = await turnProbe.release();
    return { allocate, peers: codes, release, ...(echoed !== undefined && { echoed }) };
  } finally {
    turnProbe.close();
  }
}

/**
 * Our port may be one that an earlier probe has just given back, which the relay remembers for a
 * while; then another one is due (RFC 8656, section 7.4, error 437).
 */
async function allocated(endpoint: TurnEndpoint, login: TurnLogin | undefined, family: 4 | 6) {
  for (;;) {
    const turnProbe = await TurnProbe.connect(endpoint, login);
    const code = await turnProbe.allocate(family);
    if (code !== ALLOCATION_MISMATCH) return { turnProbe, code };
    turnProbe.close();
  }
}

async function flood({ endpoint, login, allocations }: FloodRequest): Promise<readonly TurnCode[]> {
  const codes: TurnCode[] = [];
  const probes: TurnProbe[] = [];
  for (let made = 0; made < allocations; made++) {
    const { turnProbe, code } = await allocated(endpoint, login, 4);
    probes.push(turnProbe);
    codes.push(code);
  }
  for (const [index, turnProbe] of probes.entries()) {
    if (codes[index] === 0) await turnProbe.release();
    turnProbe.close();
  }
  return codes;
}

/** Through the relay to a socket of the peer's, which sends back what it gets. */
async function sendAndReceive(turnProbe: TurnProbe, peer: string, text: string): Promise<string> {
  const socket = createSocket(isIPv4(peer) ? 'udp4' : 'udp6');
  socket.on('message', (data, from) => {
    socket.send(data, from.port, from.address);
  });
  socket.bind(0, peer);
  await once(socket, 'listening');
  const received = Promise.withResolvers<string>();
  turnProbe.onData = (data) => {
    received.resolve(data.toString());
  };
  turnProbe.send(peer, socket.address().port, Buffer.from(text));
  try {
    return await received.promise;
  } finally {
    socket.close();
  }
}

async function stop(): Promise<void> {
  await starting.then(
    (relays) => relays.close(),
    () => undefined,
  );
  process.exit(0);
}

function reply(message: StageReply): void {
  process.send?.(message, () => undefined);
}

function ip(...args: readonly string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'inherit'] });
}
