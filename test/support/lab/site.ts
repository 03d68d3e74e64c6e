import { LabBrowsers } from './browsers.ts';
import { Lab } from './lab.ts';
import { LabRelay } from './relay.ts';
import { LabServer } from './server.ts';

/** Everything a call needs: the network, the relay, the server, and a browser for each person. */
export class Site implements AsyncDisposable {
  readonly lab: Lab;
  readonly server: LabServer;
  readonly browsers: LabBrowsers;
  readonly #resources: AsyncDisposableStack;

  private constructor(
    parts: { lab: Lab; server: LabServer; browsers: LabBrowsers },
    resources: AsyncDisposableStack,
  ) {
    this.lab = parts.lab;
    this.server = parts.server;
    this.browsers = parts.browsers;
    this.#resources = resources;
  }

  /** `env`: what the server is told besides. */
  static async create(env: Readonly<Record<string, string>> = {}): Promise<Site> {
    await using resources = new AsyncDisposableStack();
    const lab = resources.use(await Lab.create());
    const relay = resources.use(await LabRelay.start(lab));
    const server = resources.use(await LabServer.start(lab, { ...relay.env, ...env }));
    const browsers = resources.use(await LabBrowsers.launch(lab));
    return new Site({ lab, server, browsers }, resources.move());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources.disposeAsync();
  }
}
