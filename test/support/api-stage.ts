import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaults } from '../../config/defaults.ts';
import type { EngineLanguages } from '../../inference/protocol/task-models.ts';
import { createFilesApp } from '../../media/files/http.ts';
import { FilesOptions } from '../../media/files/options.ts';
import { FilesService } from '../../media/files/service.ts';
import { SileroVad } from '../../media/vad/silero.ts';
import type { VadModel } from '../../media/vad/model.ts';
import { Door } from '../../server/access/door.ts';
import { RoomKeys } from '../../server/access/keys.ts';
import { Secret } from '../../server/access/secret.ts';
import { Tokens } from '../../server/access/tokens.ts';
import { createProgramsApi } from '../../server/api/api.ts';
import { FilesClient } from '../../server/api/files-client.ts';
import { filesProgram } from '../../server/api/files-program.ts';
import type { ApiOptions } from '../../server/api/options.ts';
import { makeToken, readTokens, Scope, writeTokens } from '../../server/api/token-file.ts';
import { createHttpApp } from '../../server/http/app.ts';
import type { EngineInfo } from '../../server/protocol/events.ts';
import { MediaPlaces } from '../../server/rooms/media-places.ts';
import { meetingsOf } from '../../server/cluster/meetings.ts';
import { RoomRegistry } from '../../server/rooms/room-registry.ts';
import { FakeEngine } from './fake-inference.ts';
import { FakeSfu } from './fake-sfu.ts';
import { FakeSpeechMedia } from './fake-speech-media.ts';
import { silent, tag } from './room-stage.ts';

/** An engine that translates English into Spanish and Catalan, spoken and written. */
export const apiEngine: EngineInfo = {
  ...{ state: 'ready', name: 'test', recognises: [tag('en')], identifies: [] },
  pairs: ['es', 'ca'].map((target) => ({ source: tag('en'), target: tag(target) })),
  texts: ['es', 'ca'].map((target) => ({ source: tag('en'), target: tag(target) })),
};

const known: EngineLanguages = { ...apiEngine, engine: 'test' };

export interface ApiStageOptions {
  readonly api?: Partial<ApiOptions>;
  /** Left out: Silero. */
  readonly vad?: VadModel;
  /** Where files are worked on; left out: in this process. */
  readonly files?: () => string | undefined;
  readonly engine?: () => EngineInfo;
}

/** The API on a port of its own: everything real but the SFU, the media process and the models. */
export class ApiStage implements AsyncDisposable {
  readonly url: string;
  /** For everything. */
  readonly token: string;
  /** For nothing but speaking; and one that was for everything until yesterday. */
  readonly others: Readonly<Record<'speaking' | 'expired', string>>;
  readonly engine: FakeEngine;
  readonly rooms: RoomRegistry;
  readonly tokensFile: string;
  readonly server: Server;
  readonly #closing: AsyncDisposableStack;

  private constructor(
    parts: Pick<
      ApiStage,
      'url' | 'token' | 'others' | 'engine' | 'rooms' | 'tokensFile' | 'server'
    >,
    closing: AsyncDisposableStack,
  ) {
    this.url = parts.url;
    this.token = parts.token;
    this.others = parts.others;
    this.engine = parts.engine;
    this.rooms = parts.rooms;
    this.tokensFile = parts.tokensFile;
    this.server = parts.server;
    this.#closing = closing;
  }

  static async create(options: ApiStageOptions = {}): Promise<ApiStage> {
    await using parts = new AsyncDisposableStack();
    const folder = await mkdtemp(join(tmpdir(), 'parley-api-'));
    parts.defer(() => rm(folder, { recursive: true }));
    const tokensFile = join(folder, 'tokens.json');
    const token = await addToken(tokensFile, EVERYTHING);
    const others = {
      speaking: await addToken(tokensFile, ['speak']),
      expired: await addToken(tokensFile, EVERYTHING, new Date(Date.now() - 86_400_000)),
    };
    const api = {
      ...defaults.server.api,
      requestsPerToken: 100_000,
      patienceMs: 0,
      ...options.api,
    };
    const config = { ...defaults, server: { ...defaults.server, api: { ...api, tokensFile } } };

    const engine = new FakeEngine();
    engine.known = known;
    const files =
      options.files ?? (await inThisProcess(config, engine, { parts, vad: options.vad }));
    const client = new FilesClient(files);
    parts.defer(() => client.close());

    const rooms = new RoomRegistry({
      sfu: new FakeSfu(),
      places: new MediaPlaces([new FakeSpeechMedia(apiEngine)], 100),
      limits: defaults.server.rooms,
      iceServers: () => [],
      log: silent,
    });
    parts.defer(() => {
      rooms.close();
    });
    const secret = new Secret('a secret of the tests, long enough');
    const door = new Door({
      ...{ rooms, keys: new RoomKeys(secret), tokens: new Tokens(secret, 60_000) },
      keepsTranscriptFor: undefined,
    });
    const common = {
      ...{ door, version: '1.2.3', log: silent, notReady: () => [] },
      engine: options.engine ?? (() => apiEngine),
    };
    const programs = await createProgramsApi({
      ...{ ...common, meetings: meetingsOf(rooms, undefined), files: client },
      options: { ...api, tokensFile },
    });
    const app = await createHttpApp({
      ...{ ...common, programs, clientDirectory: folder },
      limits: { roomsPerAddress: 1_000, joinsPerAddress: 1_000 },
      metrics: () => Promise.resolve(''),
    });
    parts.defer(() => app.close());
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    return new ApiStage(
      { url, token, others, engine, rooms, tokensFile, server: app.server },
      parts.move(),
    );
  }

  /** Asks with the stage's own token, unless another is given. */
  fetch(path: string, { token = this.token, ...init }: RequestInit & { token?: string } = {}) {
    const headers = new Headers(init.headers);
    if (token !== '') headers.set('authorization', `Bearer ${token}`);
    return fetch(this.url + path, { ...init, headers });
  }

  postJson(path: string, body: unknown, token?: string): Promise<Response> {
    const headers = { 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body: JSON.stringify(body) };
    return this.fetch(path, token === undefined ? init : { ...init, token });
  }

  /** Sends recordings as a form does. */
  postFiles(path: string, files: Readonly<Record<string, Uint8Array>>): Promise<Response> {
    const form = new FormData();
    for (const [name, bytes] of Object.entries(files)) {
      form.append('file', new Blob([new Uint8Array(bytes)]), name);
    }
    return this.fetch(path, { method: 'POST', body: form });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#closing.disposeAsync();
  }
}

const EVERYTHING = Scope.options;

/** Adds a token to a file, which is made if need be. */
export async function addToken(
  file: string,
  scopes: readonly Scope[],
  expiresAt?: Date,
): Promise<string> {
  const { token, entry } = makeToken({ name: 'test', scopes, createdAt: new Date(), expiresAt });
  const before = existsSync(file) ? await readTokens(file) : [];
  await writeTokens(file, [...before, entry]);
  return token;
}

async function inThisProcess(
  config: Parameters<typeof filesProgram>[0],
  engine: FakeEngine,
  { parts, vad }: { readonly parts: AsyncDisposableStack; readonly vad?: VadModel | undefined },
): Promise<() => string> {
  const options = FilesOptions.parse(filesProgram(config, '')?.options);
  const model = vad ?? parts.use(await SileroVad.create());
  const service = new FilesService({ options, vad: model, connectModels: () => engine });
  parts.defer(() => service.close());
  await service.useEngine({});
  const app = createFilesApp(service, silent);
  parts.defer(() => app.close());
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return () => url;
}

/** What a response says, line by line. */
export async function eventsOf(response: Response): Promise<readonly { readonly type: string }[]> {
  const text = await response.text();
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { type: string });
}
