import type { expressionRequests } from '../../server/protocol/expression.ts';
import type { JoinResult, RequestData } from '../../server/protocol/requests.ts';
import type { Reaction } from '../../server/protocol/reactions.ts';
import { correctionFailure, reactions as looks } from '../expression-words.ts';
import { m } from '../paraglide/messages.js';
import type { Signaling } from '../signaling.ts';
import { Chat } from './chat.svelte.ts';
import type { People } from './people.svelte.ts';
import { Reactions } from './reactions.svelte.ts';
import { failureOf } from './stay.ts';

export interface ExpressionOptions {
  /** Asks the server; rejects with a CallError. */
  readonly ask: <N extends keyof typeof expressionRequests>(
    name: N,
    data: RequestData<N>,
  ) => Promise<unknown>;
  readonly people: People;
}

/** What people say and show without speaking. */
export class Expression {
  readonly chat: Chat;
  readonly reactions = new Reactions();
  /** What others have just done, for those who do not see it. */
  news = $state('');
  readonly #options: ExpressionOptions;

  constructor(options: ExpressionOptions) {
    this.#options = options;
    this.chat = new Chat({
      send: (text) => options.ask('chat:send', { text }),
      selfId: () => options.people.selfId,
    });
  }

  /** Takes over how things are at the moment of joining. */
  show({ chat }: Pick<JoinResult, 'chat'>): void {
    this.chat.take(chat);
  }

  /** To be called before anything else follows: a hand that goes up is told from one that is up. */
  follow(signaling: Pick<Signaling, 'on'>): void {
    const { people } = this.#options;
    signaling.on('chat', (message) => {
      const isNew = !this.chat.messages.some(({ sequence }) => sequence === message.sequence);
      this.chat.take([message]);
      if (isNew && message.peerId !== people.selfId) {
        this.news = m.chat_news({ name: message.displayName });
      }
    });
    signaling.on('reaction', ({ peerId, kind }) => {
      this.reactions.show(peerId, kind);
      const other = people.others.find((peer) => peer.peerId === peerId);
      if (other) {
        this.news = m.call_reacted({ name: other.displayName, reaction: looks[kind].name() });
      }
    });
    signaling.on('peerUpdated', ({ peerId, displayName, hand }) => {
      const before = people.others.find((peer) => peer.peerId === peerId);
      if (before && before.hand === undefined && hand !== undefined) {
        this.news = m.call_raised_news({ name: displayName });
      }
    });
  }

  /** The call is over. */
  reset(): void {
    this.chat.clear();
    this.reactions.clear();
    this.news = '';
  }

  /** What cannot be asked now is left: the button shows what everyone sees. */
  async raiseHand(raised: boolean): Promise<void> {
    await this.#options.ask('hand', { raised }).catch(() => undefined);
  }

  async react(kind: Reaction): Promise<void> {
    await this.#options.ask('react', { kind }).catch(() => undefined);
  }

  /** Undefined when the line will change; otherwise why not. */
  async correct(sequence: number, text: string): Promise<string | undefined> {
    try {
      await this.#options.ask('caption:correct', { sequence, text });
      return undefined;
    } catch (error) {
      return correctionFailure(failureOf(error));
    }
  }
}
