import { EventEmitter } from 'node:events';
import type { DtlsState, IceState, TransportTuple } from 'mediasoup/types';
import { beforeEach, describe, expect, it } from 'vitest';
import { WayThere } from '../../../../server/sfu/way-there.ts';
import type { Failure } from '../../../../server/sfu/way-there.ts';

/** Of mediasoup's transport what tells of the way, moved by hand. */
class Transport {
  readonly observer = new EventEmitter();
  iceState: IceState = 'new';
  iceSelectedTuple: TransportTuple | undefined;
  dtlsParameters = { role: 'auto' as 'auto' | 'client', fingerprints: [] };

  ice(state: IceState, protocol: 'udp' | 'tcp' = 'udp'): void {
    this.iceState = state;
    this.iceSelectedTuple = {
      ...{
        localIp: '127.0.0.1',
        localAddress: '127.0.0.1',
        localPort: 1,
        remoteIp: '127.0.0.1',
        remotePort: 2,
      },
      protocol,
    };
    this.observer.emit('icestatechange', state);
  }

  dtls(state: DtlsState): void {
    this.observer.emit('dtlsstatechange', state);
  }

  close(): void {
    this.iceState = 'closed';
    this.observer.emit('close');
  }
}

let transport: Transport;
let failures: Failure[];
let way: WayThere;

beforeEach(() => {
  transport = new Transport();
  failures = [];
  way = new WayThere(transport, (failure) => failures.push(failure));
});

const asked = () => {
  transport.dtlsParameters = { role: 'client', fingerprints: [] };
};

describe('the way of a browser to the SFU', () => {
  it('is over nothing until it was found, and then over UDP or TCP', () => {
    expect(way.protocol).toBe('none');
    transport.ice('connected', 'tcp');
    expect(way.protocol).toBe('tcp');
    transport.ice('completed', 'udp');
    expect(way.protocol).toBe('udp');
  });

  it('that was found and left has not failed', () => {
    asked();
    transport.ice('connected');
    transport.dtls('connected');
    transport.close();
    expect(failures).toEqual([]);
  });

  it('that nobody asked for has not failed', () => {
    transport.close();
    expect(failures).toEqual([]);
  });

  it('that was asked for and never found is told once', () => {
    asked();
    transport.close();
    expect(failures).toEqual(['unreachable']);
  });

  it('that is lost is told, and not as one that was never found', () => {
    asked();
    transport.ice('connected');
    transport.ice('disconnected');
    transport.close();
    expect(failures).toEqual(['lost']);
  });

  it('whose handshake fails is told as that', () => {
    asked();
    transport.ice('connected');
    transport.dtls('failed');
    transport.close();
    expect(failures).toEqual(['handshake']);
  });
});
