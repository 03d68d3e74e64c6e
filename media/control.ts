import type { Logger } from 'pino';
import type { Command, CommandAnswer, MediaToServer, MediaCommand } from './messages.ts';

export interface ControlDependencies {
  /** `request`: what the request that set it off is called in logs. */
  readonly handle: (command: MediaCommand, request?: string) => Promise<CommandAnswer>;
  readonly send: (message: MediaToServer) => void;
  readonly log: Logger;
}

/**
 * Carries out the server's commands one after another, in order, and answers each. A ping is answered
 * at once; a text to translate keeps nobody waiting.
 */
export class Control {
  readonly #dependencies: ControlDependencies;
  #last: Promise<void> = Promise.resolve();

  constructor(dependencies: ControlDependencies) {
    this.#dependencies = dependencies;
  }

  /** Resolves when this command has been answered, and all before it that it waits for. */
  accept({ id, request, command }: Command): Promise<void> {
    if (command.type === 'ping') {
      this.#dependencies.send({ type: 'done', id });
      return Promise.resolve();
    }
    const execute = () => this.#execute({ id, ...(request !== undefined && { request }) }, command);
    if (command.type === 'translate-text') return execute();
    this.#last = this.#last.then(execute);
    return this.#last;
  }

  async #execute(
    { id, ...belongsTo }: Pick<Command, 'id' | 'request'>,
    command: MediaCommand,
  ): Promise<void> {
    const { handle, send, log } = this.#dependencies;
    try {
      send({ type: 'done', id, ...(await handle(command, belongsTo.request)) });
    } catch (error) {
      log.warn({ err: error, command: command.type, ...belongsTo }, 'command failed');
      send({ type: 'failed', id, message: error instanceof Error ? error.message : String(error) });
    }
  }
}
