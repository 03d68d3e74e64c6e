/** Something setup cannot do by itself; its message is all that the person gets to see. */
export class SetupFailure extends Error {
  /**
   * @param {string} problem what is wrong, in a sentence
   * @param {string} [remedy] what to do about it, in a sentence
   * @param {string} [command] the exact command to run
   */
  constructor(problem, remedy, command) {
    super([problem, remedy, command && `\n    ${command}\n`].filter(Boolean).join('\n'));
  }
}

/** Setup was asked to stop (Ctrl-C). */
export class Interrupted extends Error {}
