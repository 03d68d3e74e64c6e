import type { RequestName } from '../../protocol/requests.ts';
import type { Handlers } from '../session.ts';
import { consuming } from './consuming.ts';
import { expressing } from './expressing.ts';
import { hearing } from './hearing.ts';
import { hosting } from './hosting.ts';
import { joining } from './joining.ts';
import { languages } from './languages.ts';
import { probing } from './probing.ts';
import { producing } from './producing.ts';
import { recording } from './recording.ts';
import { statistics } from './statistics.ts';
import { transports } from './transports.ts';

/** Every request of the protocol and who answers it. */
export const handlers: Handlers<RequestName> = {
  ...joining,
  ...probing,
  ...transports,
  ...producing,
  ...consuming,
  ...languages,
  ...hearing,
  ...statistics,
  ...hosting,
  ...recording,
  ...expressing,
};
