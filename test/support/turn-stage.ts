import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { IceServer } from '../../server/protocol/ice.ts';
import { descendants } from './processes.ts';
import type { TurnCode } from './turn-probe.ts';
import type {
  FloodRequest,
  ProbeOutcome,
  ProbeRequest,
  StageReply,
  StageRequest,
  TurnStageOptions,
} from './turn-stage-messages.ts';

const PROGRAM = new URL('turn-stage-program.ts', import.meta.url).pathname;

/** Why a stage cannot be had on this machine; undefined when it can. */
export function missingForTurnStage(): string | undefined {
  if (process.getuid?.() !== 0) return 'root, for a network of its own';
  if (!runs('turnserver', ['--version'])) return 'coturn (apt-get install coturn)';
  if (!runs('setpriv', ['--version'])) return 'setpriv (util-linux)';
  if (!runs('unshare', ['--net', 'ip', 'link', 'show']))
    return 'a network of its own (unshare, ip)';
  return undefined;
}

/**
 * A server with a relay, in a network of its own that has nothing else on it and that is gone with
 * the last process in it.
 */
export class TurnStage {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, PromiseWithResolvers<StageReply>>();
  /** What the server process wrote to its log. */
  log = '';
  #nextId = 0;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Resolves when the relay runs. */
  static async open(options: TurnStageOptions): Promise<TurnStage> {
    const child = spawn('unshare', ['--net', process.execPath, PROGRAM, JSON.stringify(options)], {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    const stage = new TurnStage(child);
    child.stdout?.on('data', (text: Buffer) => {
      stage.log += text.toString();
    });
    child.on('message', (message) => {
      if (isReply(message)) stage.#receive(message);
    });
    child.once('exit', () => {
      for (const { reject } of stage.#waiting.values()) reject(new Error('the stage has ended'));
    });
    await stage.#reply(-1);
    return stage;
  }

  async probe(request: ProbeRequest): Promise<ProbeOutcome> {
    const { probe } = await this.#ask({ type: 'probe', probe: request });
    return required(probe);
  }

  /** How each of the allocations was answered. */
  async flood(request: FloodRequest): Promise<readonly TurnCode[]> {
    const { flood } = await this.#ask({ type: 'flood', flood: request });
    return required(flood);
  }

  /** Whether the relay is there. */
  async answers(address: string, port: number): Promise<boolean> {
    const { answers } = await this.#ask({ type: 'answers', address, port });
    return required(answers);
  }

  async iceServers(peerId: string, now: number): Promise<readonly IceServer[]> {
    const { iceServers } = await this.#ask({ type: 'ice-servers', peerId, now });
    return required(iceServers);
  }

  async restarts(): Promise<number> {
    const { restarts } = await this.#ask({ type: 'restarts' });
    return required(restarts);
  }

  /** Process ids of coturn: none while it is being started again. */
  turnservers(): readonly number[] {
    return descendants(required(this.#child.pid))
      .filter(({ command }) => command.startsWith('turnserver '))
      .map(({ pid }) => pid);
  }

  /** Ends the server process as the kernel would when memory is short: it cannot clean up. */
  async crash(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#gone();
  }

  async close(): Promise<void> {
    this.#child.kill('SIGTERM');
    await this.#gone();
  }

  async #gone(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      await once(this.#child, 'exit');
    }
  }

  async #ask(ask: StageRequest['ask']): Promise<StageReply> {
    const id = this.#nextId++;
    const reply = this.#reply(id);
    this.#child.send({ id, ask } satisfies StageRequest);
    return reply;
  }

  async #reply(id: number): Promise<StageReply> {
    const waiting = Promise.withResolvers<StageReply>();
    this.#waiting.set(id, waiting);
    const reply = await waiting.promise;
    this.#waiting.delete(id);
    if (reply.failed !== undefined) throw new Error(reply.failed);
    return reply;
  }

  #receive(reply: StageReply): void {
    this.#waiting.get(reply.id)?.resolve(reply);
  }
}

/** Both ends are ours, so that it is a reply at all is what is looked at. */
function isReply(message: unknown): message is StageReply {
  return typeof message === 'object' && message !== null && 'id' in message;
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the stage sent another answer');
  return value;
}

function runs(program: string, args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
