import type { Logger } from 'pino';
import type { Command, CommandAnswer, MediaToServer, ServerToMedia } from './messages.ts';

export interface ControlDependencies {
  readonly handle: (command: ServerToMedia) => Promise<CommandAnswer>;
  readonly send: (message: MediaToServer) => void;
  readonly log: Logger;
}

/** Carries out the server's commands one after another, in order, and answers each. */
export class Control {
  readonly #dependencies: ControlDependencies;
  #last: Promise<void> = Promise.resolve();

  constructor(dependencies: ControlDependencies) {
    this.#dependencies = dependencies;
  }

  /** Resolves when this command, and all before it, have been answered. */
  accept(command: Command): Promise<void> {
    this.#last = this.#last.then(() => this.#execute(command));
    return this.#last;
  }

  async #execute({ id, command }: Command): Promise<void> {
    const { handle, send, log } = this.#dependencies;
    try {
      send({ type: 'done', id, ...(await handle(command)) });
    } catch (error) {
      log.warn({ err: error, command: command.type }, 'command failed');
      send({ type: 'failed', id, message: error instanceof Error ? error.message : String(error) });
    }
  }
}
