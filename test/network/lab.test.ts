import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { command } from '../support/lab/command.ts';
import { address, type Host } from '../support/lab/hosts.ts';
import { Lab } from '../support/lab/lab.ts';

const missing = await Lab.missing();
const inLab = test.skipIf(missing !== undefined);
const reason = missing === undefined ? '' : ` (left out: ${missing})`;

const KNOCK = `
  const [host, port] = process.argv.slice(1);
  const socket = require('node:net').connect(port, host);
  const say = (word) => { process.stdout.write(word); process.exit(); };
  socket.on('error', ({ code }) => say(code)).setTimeout(400, () => say('silence'));
`;

/** What someone learns who connects to a port nobody listens at. */
const knock = (lab: Lab, at: Host, port = 9) =>
  lab.run('speaker', process.execPath, ['-e', KNOCK, '--', address(at), String(port)]);

inLab(`whoever is cut off learns nothing, and is back afterwards${reason}`, async () => {
  await using lab = await Lab.create();
  expect(await knock(lab, 'server')).toBe('ECONNREFUSED');
  const cut = await lab.disturb('speaker', { kind: 'cut' });
  expect(await knock(lab, 'server')).toBe('silence');
  await cut.lift();
  await cut.lift();
  expect(await knock(lab, 'server')).toBe('ECONNREFUSED');
});

inLab(`a strict firewall lets one port out${reason}`, async () => {
  await using lab = await Lab.create();
  await lab.disturb('speaker', { kind: 'only-tcp', port: 443 });
  expect(await knock(lab, 'server', 443)).toBe('ECONNREFUSED');
  expect(await knock(lab, 'server', 80)).toBe('silence');
});

inLab(`a protocol can be blocked towards one host alone${reason}`, async () => {
  await using lab = await Lab.create();
  await lab.disturb('speaker', {
    ...{ kind: 'drop', protocol: 'tcp', towards: 'relay' },
  });
  expect(await knock(lab, 'relay')).toBe('silence');
  expect(await knock(lab, 'server')).toBe('ECONNREFUSED');
});

inLab(`who moves has another address and the old one no more${reason}`, async () => {
  await using lab = await Lab.create();
  await lab.move('speaker');
  const addresses = await lab.run('speaker', 'ip', ['-4', '-brief', 'address']);
  expect(addresses).toContain(address('speaker', 3));
  expect(addresses).not.toContain(`${address('speaker', 2)}/`);
  expect(await knock(lab, 'server')).toBe('ECONNREFUSED');
});

inLab(`nothing is left behind, nor what a laboratory that crashed has left${reason}`, async () => {
  const dead = spawn('true');
  await once(dead, 'exit');
  const leftover = `parley-${dead.pid ?? 0}-router`;
  await command('ip', ['netns', 'add', leftover]);
  const lab = await Lab.create();
  const during = await command('ip', ['netns', 'list']);
  await lab[Symbol.asyncDispose]();
  const after = await command('ip', ['netns', 'list']);
  expect(during).not.toContain(leftover);
  expect(during).toContain(`parley-${process.pid}-router`);
  expect(after).not.toContain(`parley-${process.pid}-`);
});
