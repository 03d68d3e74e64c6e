import type { RequestName } from '../../protocol/requests.ts';
import type { Handlers } from '../session.ts';
import { consuming } from './consuming.ts';
import { joining } from './joining.ts';
import { languages } from './languages.ts';
import { producing } from './producing.ts';
import { statistics } from './statistics.ts';
import { transports } from './transports.ts';

/** Every request of the protocol and who answers it. */
export const handlers: Handlers<RequestName> = {
  ...joining,
  ...transports,
  ...producing,
  ...consuming,
  ...languages,
  ...statistics,
};
