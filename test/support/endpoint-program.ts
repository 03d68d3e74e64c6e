import { ProtocolServer } from '../../inference/protocol/server.ts';
import { listening } from './endpoints.ts';
import { FakeModels } from './fake-models.ts';

/** A server of scripted models in a process of its own; tells its address and lives until it is killed. */

const words = Array.from({ length: 400 }, (_, at) => `word${at}`);
const models = new FakeModels();
models.engine.recognise = listening(words);
const server = await ProtocolServer.create(models, {
  ...{ host: '127.0.0.1', port: 0, maxBodyBytes: 10_000_000 },
});
process.send?.(server.url);
process.on('disconnect', () => process.exit(0));
