import { parentPort, workerData } from 'node:worker_threads';
import { Egress } from './egress.ts';
import { preciseClock } from './precise-clock.ts';
import { EgressHost, FigureMeter } from './thread-host.ts';
import type { FromEgress, ThreadData, ToEgress } from './thread-messages.ts';
import { VoiceSocket } from './voice-socket.ts';

/** How often figures are sent while something is played. */
const FIGURES_MS = 500;

/** The speaking thread; see thread.ts for who starts it and what it is for. */
async function main(port: NonNullable<typeof parentPort>, data: ThreadData): Promise<void> {
  const send = (message: FromEgress): void => {
    port.postMessage(message);
  };
  const meter = new FigureMeter();
  const clock = preciseClock(data.originMs);
  const socket = await VoiceSocket.create();
  const egress = await Egress.create({ options: data.options, clock, socket, packets: meter });
  const host = new EgressHost(egress, meter, send);
  const reporting = setInterval(() => {
    host.report();
  }, FIGURES_MS);
  port.on('message', (message: ToEgress) => {
    if (message.type !== 'close') {
      void host.handle(message);
      return;
    }
    clearInterval(reporting);
    host[Symbol.dispose]();
    void socket.close();
    port.close();
  });
  send({ type: 'ready', voicePort: socket.port });
}

if (parentPort === null) throw new Error('this runs on a worker thread');
await main(parentPort, workerData as ThreadData);
