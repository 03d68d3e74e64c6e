import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { StartError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { TurnOptions } from '../options.ts';
import type { IceServer } from '../protocol/ice.ts';
import { isLoopback } from '../sfu/listen-address.ts';
import { addressesOf, relayAddresses } from './addresses.ts';
import { Coturn } from './coturn.ts';
import { turnCredentials } from './credentials.ts';
import { findLaunch } from './launch.ts';
import { readTurnSecret } from './secret.ts';
import { relayUrls } from './urls.ts';

interface KeyAndCertificate {
  readonly key: string;
  readonly cert: string;
}

export interface RelaysOptions {
  readonly options: TurnOptions;
  /** Address the server listens on. */
  readonly host: string;
  /** Addresses or names browsers reach media at; the first is told them as the relay's, too. */
  readonly announcedAddresses: readonly string[];
  /** What the pages are served with, PEM; absent over plain HTTP. */
  readonly tls?: KeyAndCertificate;
  readonly log: Logger;
}

interface Offer {
  readonly urls: readonly string[];
  readonly secret: string;
  readonly ttlMs: number;
}

const NO_OFFER: Offer = { urls: [], secret: '', ttlMs: 0 };

/** The relays that browsers are told of, and the one that runs beside this server if any does. */
export class Relays {
  readonly #offer: Offer;
  readonly #coturn: Coturn | undefined;

  private constructor(offer: Offer, coturn?: Coturn) {
    this.#offer = offer;
    this.#coturn = coturn;
  }

  /**
   * Reads the secret and starts the relay to run here. Rejects with a StartError for what the person
   * who starts the server can put right; nothing is left running then.
   */
  static async create(relays: RelaysOptions): Promise<Relays> {
    const { urls, secretFile, embedded, ttlMs } = relays.options;
    if (urls.length === 0 && !embedded) return new Relays(NO_OFFER);
    if (secretFile === '' && !embedded) {
      throw new StartError(
        'PARLEY_TURN_URLS names relays, but there is no secret to make credentials for them with. ' +
          "Put the relay's static-auth-secret into a file and set PARLEY_TURN_SECRET_FILE to its path.",
      );
    }
    // The relay run here may as well have a new secret each time: credentials last for minutes.
    const secret = secretFile ? await readTurnSecret(secretFile) : randomBytes(32).toString('hex');
    if (!embedded) return new Relays({ urls, secret, ttlMs });

    const { coturn, ownUrls } = await startOwn(relays, secret);
    return new Relays({ urls: urls.length > 0 ? urls : ownUrls, secret, ttlMs }, coturn);
  }

  /**
   * What a browser is given to reach this server by a relay; empty when there is none. `now` in
   * milliseconds since 1970.
   */
  iceServers(peerId: string, now: number): readonly IceServer[] {
    const { urls, secret, ttlMs } = this.#offer;
    if (urls.length === 0) return [];
    return [{ urls, ...turnCredentials({ secret, peerId, now, ttlMs }) }];
  }

  /** How often the relay that runs here had to be started again. */
  get restarts(): number {
    return this.#coturn?.restarts ?? 0;
  }

  /** Ends the relay that runs here. Idempotent. */
  async close(): Promise<void> {
    await this.#coturn?.close();
  }
}

async function startOwn(
  { options, host, announcedAddresses, log, ...rest }: RelaysOptions,
  secret: string,
) {
  const { port, tlsPort, minPort, maxPort } = options;
  if (minPort > maxPort) {
    throw new StartError(
      `The relay's ports end before they begin: PARLEY_TURN_MIN_PORT is ${minPort}, ` +
        `PARLEY_TURN_MAX_PORT ${maxPort}.`,
    );
  }
  const pair = (await givenPair(options)) ?? rest.tls;
  const [name] = announcedAddresses;
  // A name may stand for an address of loopback as well, as this machine's own often does.
  const announced = await addressesOf(announcedAddresses);
  const peerAddresses = announced.filter((address) => !isLoopback(address));
  const listenAddresses = await relayAddresses(host);
  if (name === undefined || peerAddresses.length === 0 || listenAddresses.length === 0) {
    throw new StartError(
      '--turn needs an address others can reach: set PARLEY_HOST and PARLEY_ANNOUNCED_ADDRESS.',
    );
  }
  const coturn = await Coturn.create({
    listenAddresses,
    peerAddresses,
    port,
    secret,
    minPort,
    maxPort,
    tls: pair && { ...pair, port: tlsPort },
    launch: await findLaunch(),
    log,
  });
  return { coturn, ownUrls: relayUrls(name, port, pair && tlsPort) };
}

/** The certificate and key of the relay's own, if it has any. */
async function givenPair(options: TurnOptions): Promise<KeyAndCertificate | undefined> {
  const { certFile, keyFile } = options;
  if (certFile === '' && keyFile === '') return undefined;
  try {
    const [key, cert] = await Promise.all([readFile(keyFile, 'utf8'), readFile(certFile, 'utf8')]);
    createSecureContext({ key, cert });
    return { key, cert };
  } catch (cause) {
    throw new StartError(
      `PARLEY_TURN_CERT_FILE (${certFile}) and PARLEY_TURN_KEY_FILE (${keyFile}) must be a ` +
        'certificate and its key, PEM, without a password, that this user may read.',
      { cause },
    );
  }
}
