import { defineScript } from 'redis';
import type { CommandParser } from 'redis';

/**
 * What nodes do to a meeting's state in Redis, each in one step (Lua). KEYS of all: the lease
 * `room:{id}` (node, gen), the fence `room:{id}:gen`, what was decided `room:{id}:meta`, and the
 * stream of lines `room:{id}:captions`. The fence grows with each new owner and outlives the lease, so
 * that one who has been away too long is known by their number.
 */
const script = (lua: string) =>
  defineScript({
    SCRIPT: lua,
    NUMBER_OF_KEYS: 4,
    parseCommand: (parser: CommandParser, keys: readonly string[], args: readonly string[]) => {
      for (const key of keys) parser.pushKey(key);
      parser.push(...args);
    },
    transformReply: (reply: unknown) => reply,
  });

/** ARGV: node, lease, keep. The owner and its number, whoever that is after it. */
const claim = script(`
local node = redis.call('HGET', KEYS[1], 'node')
if not node then
  node = ARGV[1]
  redis.call('HSET', KEYS[1], 'node', node, 'gen', redis.call('INCR', KEYS[2]))
  redis.call('HSETNX', KEYS[3], 'made', '1')
end
if node == ARGV[1] then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  redis.call('PEXPIRE', KEYS[2], ARGV[3])
  redis.call('PEXPIRE', KEYS[3], ARGV[3])
end
return {node, redis.call('HGET', KEYS[1], 'gen')}
`);

/**
 * ARGV: node, gen, lease, keep, captions. 'held'; 'emptied' when it is held but Redis has lost what was
 * decided; 'lost' when another has, or had, a later number. A lease that has run out and that nobody
 * took is taken again under the same number.
 */
const renew = script(`
local node, gen = unpack(redis.call('HMGET', KEYS[1], 'node', 'gen'))
if node then
  if node ~= ARGV[1] or gen ~= ARGV[2] then return 'lost' end
else
  local fence = redis.call('GET', KEYS[2])
  if fence and fence ~= ARGV[2] then return 'lost' end
  redis.call('SET', KEYS[2], ARGV[2])
  redis.call('HSET', KEYS[1], 'node', ARGV[1], 'gen', ARGV[2])
end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('PEXPIRE', KEYS[2], ARGV[4])
redis.call('PEXPIRE', KEYS[4], ARGV[5])
local known = redis.call('EXISTS', KEYS[3]) == 1
redis.call('HSETNX', KEYS[3], 'made', '1')
redis.call('PEXPIRE', KEYS[3], ARGV[4])
return known and 'held' or 'emptied'
`);

/**
 * ARGV: node, gen, keep, captions, most lines, 'clear' or '', number of fields, each field and its
 * value, then lines. 'written', or 'refused' for a number that is not the latest.
 */
const write = script(`
if redis.call('GET', KEYS[2]) ~= ARGV[2] then return 'refused' end
local node = redis.call('HGET', KEYS[1], 'node')
if node and node ~= ARGV[1] then return 'refused' end
if ARGV[6] == 'clear' then redis.call('DEL', KEYS[4]) end
local line = 8
for _ = 1, tonumber(ARGV[7]) do
  redis.call('HSET', KEYS[3], ARGV[line], ARGV[line + 1])
  line = line + 2
end
redis.call('PEXPIRE', KEYS[3], ARGV[3])
for i = line, #ARGV do
  redis.call('XADD', KEYS[4], 'MAXLEN', '~', ARGV[5], '*', 'line', ARGV[i])
end
redis.call('PEXPIRE', KEYS[4], ARGV[4])
return 'written'
`);

/** ARGV: node, gen, heir, lease. The heir's number, or 'lost'. */
const handOver = script(`
local node, gen = unpack(redis.call('HMGET', KEYS[1], 'node', 'gen'))
if node ~= ARGV[1] or gen ~= ARGV[2] then return 'lost' end
local next = redis.call('INCR', KEYS[2])
redis.call('HSET', KEYS[1], 'node', ARGV[3], 'gen', next)
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return tostring(next)
`);

/** ARGV: node, gen. */
const letGo = script(`
local node, gen = unpack(redis.call('HMGET', KEYS[1], 'node', 'gen'))
if node == ARGV[1] and gen == ARGV[2] then redis.call('DEL', KEYS[1]) end
return 'done'
`);

/** No ARGV. 'held' when a node has it; otherwise nothing of the meeting is left, and it is 'forgotten'. */
const forget = script(`
if redis.call('EXISTS', KEYS[1]) == 1 then return 'held' end
redis.call('DEL', KEYS[3], KEYS[4])
return 'forgotten'
`);

export const scripts = { claim, renew, write, handOver, letGo, forget };

/** The braces keep the keys of one room together where Redis spreads them (hash tags). */
export function roomKeys(id: string): readonly string[] {
  return ['', ':gen', ':meta', ':captions'].map((part) => `room:{${id}}${part}`);
}
