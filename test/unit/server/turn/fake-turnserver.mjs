/**
 * Stands in for coturn: node fake-turnserver.mjs MODE NOTES -c CONFIG
 *
 * Answers STUN on the address and port of its configuration, and writes down what it was started
 * with. MODE: obedient, deaf (to SIGTERM) or broken (complains and ends).
 */
import { createSocket } from 'node:dgram';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import process from 'node:process';

const [mode, notes, , config] = process.argv.slice(2);
const text = readFileSync(config, 'utf8');
const permissions = (statSync(config).mode & 0o777).toString(8);
writeFileSync(notes, JSON.stringify({ config, text, permissions, argv: process.argv.slice(2) }));

const complaint = '0: : WARNING: the weather is bad at 10.1.2.3\n';
process.stdout.write(complaint + complaint + '0: : ERROR: no credentials of user <1:ana>\n');

if (mode === 'broken') process.exit(255);
if (mode === 'deaf') process.on('SIGTERM', () => undefined);

const setting = (name) => new RegExp(`^${name}=(.*)$`, 'm').exec(text)[1];
const socket = createSocket('udp4', (message, from) => {
  message.writeUInt16BE(0x0101, 0);
  socket.send(message, from.port, from.address);
});
socket.bind(Number(setting('listening-port')), setting('listening-ip'));
