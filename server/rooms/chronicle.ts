import type { CaptionLine, CaptionPast } from './captions.ts';
import type { KeptMessage } from './chat-log.ts';
import type { Decisions } from './moderation.ts';
import type { Readers } from './readership.ts';

/** What a meeting must not lose when its node is lost: told as it changes. Never throws, never waits. */
export interface Chronicle {
  /** These were finished, or have other words now. */
  lines(lines: readonly CaptionLine[]): void;
  /** Somebody has written this in the chat. */
  wrote(message: KeptMessage): void;
  /** The hosts have decided something. */
  decided(decisions: Decisions): void;
  /** Somebody has come or gone. */
  readers(readers: Readers, people: number): void;
  /** The meeting is over, and its words are forgotten; the decisions about it stay. */
  ended(): void;
}

/** A meeting as it was on the node that had it before. */
export interface RoomPast extends CaptionPast {
  readonly decisions?: Decisions | undefined;
  /** Of the chat, oldest first. */
  readonly messages?: readonly KeptMessage[];
}

/** What the numbers of a meeting begin at, so that they go on growing: above all that were given. */
export function numbersAfter(past: RoomPast | undefined, now: number): number {
  const lines = past?.lines.flatMap(({ sequence, revision }) => [sequence, revision]) ?? [];
  const messages = past?.messages?.map(({ sequence }) => sequence) ?? [];
  return [...lines, ...messages].reduce((most, number) => Math.max(most, number + 1), now);
}
