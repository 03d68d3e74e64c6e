import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { Control } from '../../../media/control.ts';
import type { CommandAnswer, MediaToServer, MediaCommand } from '../../../media/messages.ts';

const mute = (speaker: string): MediaCommand => ({ type: 'set-muted', speaker, muted: true });

function create(handle: (command: MediaCommand) => Promise<CommandAnswer>) {
  const answers: MediaToServer[] = [];
  const send = (message: MediaToServer): void => {
    answers.push(message);
  };
  return { answers, control: new Control({ handle, send, log: pino({ level: 'silent' }) }) };
}

describe('Control', () => {
  it('logs what failed under the name of the request that set it off', async () => {
    const lines: string[] = [];
    const log = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) });
    const handle = () => Promise.reject(new Error('no such speaker'));
    const control = new Control({ handle, send: () => undefined, log });
    await control.accept({ id: 1, request: 'r1', command: mute('ann') });
    expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
      { request: 'r1', command: 'set-muted', msg: 'command failed' },
    ]);
  });

  it('answers a command once it has taken effect', async () => {
    const { answers, control } = create(() => Promise.resolve({}));
    await control.accept({ id: 7, command: mute('ann') });
    expect(answers).toEqual([{ type: 'done', id: 7 }]);
  });

  it('hands on what the command asked for', async () => {
    const { answers, control } = create(() => Promise.resolve({ metrics: 'numbers' }));
    await control.accept({ id: 1, command: { type: 'get-metrics' } });
    expect(answers).toEqual([{ type: 'done', id: 1, metrics: 'numbers' }]);
  });

  it('answers a failure and goes on with the next command', async () => {
    const { answers, control } = create((command) =>
      command.type === 'set-muted' && command.speaker === 'nobody'
        ? Promise.reject(new Error('no such speaker'))
        : Promise.resolve({}),
    );
    void control.accept({ id: 1, command: mute('nobody') });
    await control.accept({ id: 2, command: mute('ann') });
    expect(answers).toEqual([
      { type: 'failed', id: 1, message: 'no such speaker' },
      { type: 'done', id: 2 },
    ]);
  });

  it('begins a command only after the one before has taken effect', async () => {
    const { promise, resolve } = Promise.withResolvers<CommandAnswer>();
    const begun: string[] = [];
    const { control } = create(async (command) => {
      begun.push(command.type);
      return command.type === 'engine' ? promise : {};
    });
    void control.accept({ id: 1, command: { type: 'engine', url: 'http://engine' } });
    const second = control.accept({ id: 2, command: mute('ann') });
    await Promise.resolve();
    expect(begun).toEqual(['engine']);
    resolve({});
    await second;
    expect(begun).toEqual(['engine', 'set-muted']);
  });

  it('translates a text while another command takes its time, and keeps none waiting', async () => {
    const waits = Promise.withResolvers<CommandAnswer>();
    const text = Promise.withResolvers<CommandAnswer>();
    const { answers, control } = create((command) =>
      command.type === 'translate-text' ? text.promise : waits.promise,
    );
    const muting = control.accept({ id: 1, command: mute('ann') });
    const hello = { type: 'translate-text', text: 'hello', source: 'en', targets: ['es'] } as const;
    const translating = control.accept({ id: 2, command: hello });
    text.resolve({ translations: ['hola'] });
    await translating;
    expect(answers).toEqual([{ type: 'done', id: 2, translations: ['hola'] }]);
    waits.resolve({});
    await muting;
    expect(answers).toHaveLength(2);
  });

  it('gives a sign of life even while a command takes its time', async () => {
    const { promise, resolve } = Promise.withResolvers<CommandAnswer>();
    const { answers, control } = create(() => promise);
    const slow = control.accept({ id: 1, command: mute('ann') });
    await control.accept({ id: 2, command: { type: 'ping' } });
    expect(answers).toEqual([{ type: 'done', id: 2 }]);
    resolve({});
    await slow;
  });
});
