import type { ChatMessage } from '../../server/protocol/chat.ts';
import type { PeerId } from '../../server/protocol/ids.ts';
import { sendFailure } from '../expression-words.ts';
import { applyMessage, sendable, unread } from './chat-messages.ts';
import { failureOf } from './stay.ts';

export interface ChatOptions {
  /** Asks the server; rejects with a CallError. */
  readonly send: (text: string) => Promise<unknown>;
  readonly selfId: () => PeerId | undefined;
}

/** What is written in the meeting, and what this person is about to write. */
export class Chat {
  messages: readonly ChatMessage[] = $state.raw([]);
  /** Not sent yet; kept while the panel is closed. */
  draft = $state('');
  sending = $state(false);
  /** Why the last message was not sent. */
  problem: string | undefined = $state();
  /** The last message that was on the screen. */
  #read = $state(-1);
  readonly #options: ChatOptions;
  readonly unread = $derived.by(() => unread(this.messages, this.#read, this.#options.selfId()));

  constructor(options: ChatOptions) {
    this.#options = options;
  }

  take(messages: readonly ChatMessage[]): void {
    this.messages = messages.reduce(applyMessage, this.messages);
  }

  /** Everything there is has been on the screen. */
  read(): void {
    this.#read = this.messages.at(-1)?.sequence ?? this.#read;
  }

  /** A draft that could not be sent stays. */
  async send(): Promise<void> {
    const text = sendable(this.draft);
    if (text === '' || this.sending) return;
    this.sending = true;
    this.problem = undefined;
    try {
      await this.#options.send(text);
      this.draft = '';
    } catch (error) {
      this.problem = sendFailure(failureOf(error));
    } finally {
      this.sending = false;
    }
  }

  clear(): void {
    this.messages = [];
    this.draft = '';
    this.problem = undefined;
    this.#read = -1;
  }
}
