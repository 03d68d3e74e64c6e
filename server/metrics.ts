import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { RoomRegistry } from './rooms/room-registry.ts';
import type { SfuCensus } from './sfu/census.ts';
import type { Failure, Protocol } from './sfu/way-there.ts';

export interface MetricsSources {
  readonly version: string;
  readonly rooms: Pick<RoomRegistry, 'size' | 'peers' | 'waiting' | 'draining'>;
  /** Why calls cannot be translated now; empty when they can. */
  readonly notReady: () => readonly string[];
  /** People served by each media process. */
  readonly mediaPeople: () => readonly number[];
  readonly sockets: () => number;
  readonly census: () => SfuCensus;
  /** Browsers' transports that are open, by what they go over. */
  readonly ways: () => Readonly<Record<Protocol, number>>;
  /** Browsers that could not be reached, since the start. */
  readonly wayFailures: () => Readonly<Record<Failure, number>>;
  /** Since the start. */
  readonly workerDeaths: () => number;
  /** Lines of transcripts, since the start; undefined when none are kept. */
  readonly transcripts: () =>
    Readonly<Record<'written' | 'dropped' | 'failed', number>> | undefined;
  /** Processes killed since the start because they no longer answered, by process. */
  readonly hangs: () => Readonly<Record<string, number>>;
  /** Pages hung up on because they did not take what they were told. */
  readonly slowPages: () => number;
  /** Checks of the way to the SFU: running now, and begun or refused since the start. */
  readonly probes: () => Readonly<Record<'open' | 'opened' | 'refused', number>>;
  /** Starts after the first, by process. */
  readonly restarts: () => Readonly<Record<string, number>>;
}

const PREFIX = 'parley_server_';

/** The server process's own metrics; everything is read when it is asked for. */
export function createMetrics(sources: MetricsSources): Registry {
  const registry = new Registry();
  const {
    rooms,
    mediaPeople,
    sockets,
    census,
    transcripts,
    workerDeaths,
    restarts,
    hangs,
    slowPages,
    probes,
    ways,
    wayFailures,
  } = sources;
  collectDefaultMetrics({ register: registry, prefix: PREFIX });
  // Gauges under the names of counters; the same figures are there by type.
  for (const what of ['resources', 'handles', 'requests'])
    registry.removeSingleMetric(`${PREFIX}nodejs_active_${what}_total`);

  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name: `${PREFIX}${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  new Gauge({
    name: 'parley_server_info',
    help: 'Always 1, with the version that runs.',
    labelNames: ['version'],
    registers: [registry],
  }).set({ version: sources.version }, 1);
  gauge('ready', '1 while a new meeting would be translated.', () =>
    Number(sources.notReady().length === 0),
  );
  gauge('draining', '1 while no new meetings are taken, before a stop.', () =>
    Number(rooms.draining),
  );
  gauge('rooms', 'Meetings that exist.', () => rooms.size);
  gauge('peers', 'People in meetings.', () => rooms.peers);
  gauge('waiting', 'People who wait to be let into a meeting.', () => rooms.waiting);
  gauge('sockets', 'Open signalling connections.', sockets);
  gauge('probes', 'Checks of the way to the SFU that run now.', () => probes().open);
  gauge('workers', 'Media workers running.', () => census().workers);
  gauge('routers', 'Routers open.', () => census().routers);
  gauge('producers', 'Tracks into the SFU.', () => census().producers);
  gauge('consumers', 'Tracks out of the SFU.', () => census().consumers);

  new Gauge({
    name: 'parley_server_media_peers',
    help: 'People in meetings, by the media process that serves them.',
    labelNames: ['process'],
    registers: [registry],
    collect() {
      mediaPeople().forEach((people, index) => {
        this.set({ process: String(index) }, people);
      });
    },
  });
  new Gauge({
    name: 'parley_server_transports',
    help: 'Transports open, by kind and what they go over.',
    labelNames: ['kind', 'protocol'],
    registers: [registry],
    collect() {
      for (const [protocol, open] of Object.entries(ways()))
        this.set({ kind: 'webrtc', protocol }, open);
      this.set({ kind: 'plain', protocol: 'udp' }, census().plainTransports);
    },
  });
  new Counter({
    name: 'parley_server_ice_failures_total',
    help: 'Browsers whose way to the SFU was never found, or was lost for good.',
    labelNames: ['reason'],
    registers: [registry],
    collect() {
      const { unreachable, lost } = wayFailures();
      this.reset();
      this.inc({ reason: 'unreachable' }, unreachable);
      this.inc({ reason: 'lost' }, lost);
    },
  });
  new Counter({
    name: 'parley_server_dtls_failures_total',
    help: 'Browsers whose DTLS handshake failed.',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(wayFailures().handshake);
    },
  });
  new Counter({
    name: 'parley_server_transcript_lines_total',
    help: 'Lines of transcripts written, dropped because too many waited, and lost to the disk.',
    labelNames: ['outcome'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [outcome, lines] of Object.entries(transcripts() ?? {}))
        this.inc({ outcome }, lines);
    },
  });
  new Counter({
    name: 'parley_server_worker_deaths_total',
    help: 'Media workers that died.',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(workerDeaths());
    },
  });
  new Counter({
    name: 'parley_server_slow_pages_total',
    help: 'Pages hung up on because they did not take what they were told.',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(slowPages());
    },
  });
  new Counter({
    name: 'parley_server_probes_total',
    help: 'Checks of the way to the SFU, begun and refused.',
    labelNames: ['outcome'],
    registers: [registry],
    collect() {
      const { opened, refused } = probes();
      this.reset();
      this.inc({ outcome: 'opened' }, opened);
      this.inc({ outcome: 'refused' }, refused);
    },
  });
  new Counter({
    name: 'parley_server_process_hangs_total',
    help: 'Processes killed because they no longer answered.',
    labelNames: ['process'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [process, count] of Object.entries(hangs())) this.inc({ process }, count);
    },
  });
  new Counter({
    name: 'parley_server_process_restarts_total',
    help: 'Starts of a child process after its first.',
    labelNames: ['process'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [process, count] of Object.entries(restarts())) this.inc({ process }, count);
    },
  });
  return registry;
}
