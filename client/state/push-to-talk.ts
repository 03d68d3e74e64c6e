/**
 * A microphone that is open only while something is held: the button under a finger, the button
 * under a key, the space bar. As long as one of them is held it stays open.
 */
export class PushToTalk {
  readonly #onChange: (talking: boolean) => void;
  readonly #held = new Set<string>();

  /** Told when it opens and when it closes. */
  constructor(onChange: (talking: boolean) => void) {
    this.#onChange = onChange;
  }

  get talking(): boolean {
    return this.#held.size > 0;
  }

  /** Keys repeat while they are held: only the first press counts. */
  press(by: string): void {
    this.#change(() => this.#held.add(by));
  }

  release(by: string): void {
    this.#change(() => this.#held.delete(by));
  }

  /** For a click that was no press, as assistive technology makes it: opens, or closes. */
  toggle(by: string): void {
    if (this.#held.has(by)) this.release(by);
    else this.press(by);
  }

  /** Whatever is held now, its release will not be seen: the page is hidden or out of focus. */
  releaseAll(): void {
    this.#change(() => {
      this.#held.clear();
    });
  }

  #change(change: () => void): void {
    const before = this.talking;
    change();
    if (this.talking !== before) this.#onChange(this.talking);
  }
}

/** Roles and elements that the space bar means something to. */
const TAKES_SPACE =
  'input, textarea, select, button, summary, a[href], [contenteditable], [role=button], [role=tab], [role=slider], [role=switch], [role=textbox]';

/** Whether a key pressed here is meant for what has the focus and not for the page. */
export function takesSpace(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(TAKES_SPACE) !== null;
}
