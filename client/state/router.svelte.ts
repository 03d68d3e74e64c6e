import { parseRoute } from '../routes.ts';
import type { Route } from '../routes.ts';

/** The page that the address asks for. */
export class Router {
  #route: Route = $state.raw(parseRoute(location.pathname, location.search, location.hash));

  constructor() {
    window.addEventListener('popstate', () => {
      this.#read();
    });
  }

  get route(): Route {
    return this.#route;
  }

  go(address: string): void {
    history.pushState(null, '', address);
    this.#read();
    window.scrollTo(0, 0);
  }

  #read(): void {
    this.#route = parseRoute(location.pathname, location.search, location.hash);
  }
}
