import { describe, expect, test } from 'vitest';
import { coturnReport } from '../../../../server/turn/coturn-log.ts';

describe("what of coturn's log goes into ours", () => {
  test.each([
    [
      '0: : WARNING: cannot start TLS and DTLS listeners because private key file is not set properly',
      {
        level: 'warn',
        message: 'cannot start TLS and DTLS listeners because private key file is not set properly',
      },
    ],
    [
      '3: (4711): ERROR: Cannot open file: too many open files',
      { level: 'error', message: 'Cannot open file: too many open files' },
    ],
    [
      '3: : ERROR: cannot bind to 10.77.0.1:3478 or fd77::1 or [fe80::ab]:49160',
      { level: 'error', message: 'cannot bind to # or # or #' },
    ],
  ])('warnings and errors of its own: %s', (line, report) => {
    expect(coturnReport(line)).toEqual(report);
  });

  test.each([
    '2: : ERROR: check_stun_auth: Cannot find credentials of user <1795243454:peer>',
    '10: : ERROR: A peer IP 8.8.8.8 denied in the range: ::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
    '5: (7): WARNING: session 000000000000000001: realm <parley> user <1:ana>: closed',
    '0: : Listener address to use: 10.77.0.1',
    '0: : INFO: RFC5780 disabled! /NAT behavior discovery/',
    '  ERROR: in the middle of nothing',
    '0: : ERROR: ',
    '',
  ])('nothing about participants, and no chatter: %s', (line) => {
    expect(coturnReport(line)).toBeUndefined();
  });
});
