import fc from 'fast-check';
import { test, vi } from 'vitest';
import { calm, everybodyGoes } from '../support/attack-checks.ts';
import { commands } from '../support/attack-commands.ts';
import { Traffic } from '../support/attack-delays.ts';
import { World } from '../support/attack-world.ts';

/**
 * Calls under random commands: people join, leave, lose their sockets and come back beside the old
 * one, repeat themselves, send, mute, change languages; everyone tries what only hosts may do, and
 * hosts lock, let in, refuse, mute, remove, hand over and end; workers and media processes die, the server
 * drains and is started again with its secret. Every answer of the SFU, the media process
 * and the pages comes when fast-check's scheduler says so. What must hold, always:
 *
 * 1. No room holds more people than its limit.
 * 2. No request fails with anything but a code of the protocol.
 * 3. A page is told of a person once, before anything else about them, and of their leaving once.
 * 4. Captions come in order of their revision, none twice; no line goes back.
 *
 * And whenever all is quiet:
 *
 * 5. What a page was told, applied in order with the rule of generations, is what a fresh answer to
 *    `join` says: the same people, with the server's mute, and the same tracks and finished lines.
 * 6. Everyone in a room sees the same people, each once, no two of one colour.
 * 7. Everyone hears what `demand` says: never their own original, no translation not asked for.
 * 8. Every consumer belongs to somebody in a room, and nothing else is open.
 * 9. When all have left, or were away for the grace time, no transport, producer, consumer, tap,
 *    voice or speaker is left.
 */
test('whatever people do and whatever breaks, in whatever order it is answered', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.commands(commands, { maxCommands: 60, size: 'max' }),
      async (scheduler, given) => {
        vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
        try {
          const world = new World(new Traffic(scheduler));
          await fc.asyncModelRun(() => ({ model: {}, real: world }), given);
          await calm(world);
          await everybodyGoes(world);
          world.server.rooms.close();
        } finally {
          vi.useRealTimers();
        }
      },
    ),
    { numRuns: 2_500 },
  );
});
