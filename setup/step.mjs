/** Shows what setup is doing: one line a step, rewritten in place on a terminal. */

const SILENCE_MS = 10_000;
const SPIN_MS = 120;
const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/**
 * Runs one step. `work` gets a function that shows what is going on; a step that never calls it
 * had nothing to do and leaves no line.
 */
export async function step(name, work, out = process.stdout) {
  const line = new StepLine(name, out);
  try {
    const result = await work((detail) => line.show(detail));
    line.end('✓');
    return result;
  } catch (error) {
    line.end('✗');
    throw error;
  }
}

/** Time as people read it: 8 s, 2 min 5 s. */
export function duration(milliseconds) {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

class StepLine {
  #name;
  #out;
  #detail = '';
  #started = Date.now();
  #written = 0;
  #timer;

  constructor(name, out) {
    this.#name = name;
    this.#out = out;
  }

  show(detail) {
    this.#detail = detail;
    if (this.#timer) return;
    this.#timer = setInterval(() => this.#draw(), this.#out.isTTY ? SPIN_MS : 1000);
    if (!this.#out.isTTY) this.#write(`• ${this.#name}: ${detail}`);
  }

  end(mark) {
    if (!this.#timer) return;
    clearInterval(this.#timer);
    this.#write(`${mark} ${this.#name} (${duration(this.#elapsed())})`);
    if (this.#out.isTTY) this.#out.write('\n');
  }

  #draw() {
    const text = `${this.#name}: ${this.#detail} (${duration(this.#elapsed())})`;
    if (this.#out.isTTY) {
      const frame = FRAMES[Math.floor(this.#elapsed() / SPIN_MS) % FRAMES.length];
      this.#write(`${frame} ${text}`);
    } else if (Date.now() - this.#written >= SILENCE_MS) {
      this.#write(`  ${text}`);
    }
  }

  #write(text) {
    this.#written = Date.now();
    if (!this.#out.isTTY) this.#out.write(`${text}\n`);
    else this.#out.write(`\r\u001b[K${text.slice(0, (this.#out.columns || 80) - 1)}`);
  }

  #elapsed() {
    return Date.now() - this.#started;
  }
}
