import { describe, expect, test } from 'vitest';
import { requests } from '../../../../server/protocol/requests.ts';
import { opusParameters, vp8Parameters } from '../../../support/fake-sfu.ts';

const sound = {
  ...{ transportId: 'one', kind: 'audio', source: 'microphone' },
  rtpParameters: opusParameters,
};
const picture = {
  ...{ transportId: 'one', kind: 'video', source: 'camera' },
  rtpParameters: vp8Parameters,
};
const takes = (data: object): boolean => requests.produce.safeParse(data).success;
const layers = (...encodings: readonly object[]) => ({
  ...picture,
  rtpParameters: { ...vp8Parameters, encodings },
});

describe('what may be sent', () => {
  test('sound in one stream, and a picture in up to three layers with what repairs it', () => {
    expect(takes(sound)).toBe(true);
    expect(takes({ ...sound, source: 'tab' })).toBe(true);
    expect(takes(picture)).toBe(true);
    expect(takes({ ...picture, source: 'screen' })).toBe(true);
    expect(takes(layers({ ssrc: 1, rtx: { ssrc: 2 } }))).toBe(true);
  });

  test('no picture as sound, and no sound as a picture', () => {
    expect(takes({ ...sound, source: 'camera' })).toBe(false);
    expect(takes({ ...picture, source: 'tab' })).toBe(false);
    expect(takes({ ...sound, rtpParameters: vp8Parameters })).toBe(false);
    expect(takes({ ...picture, rtpParameters: opusParameters })).toBe(false);
    const both = { codecs: [...opusParameters.codecs, ...vp8Parameters.codecs] };
    expect(takes({ ...sound, rtpParameters: { ...opusParameters, ...both } })).toBe(false);
  });

  test('no fourth layer, none that is named twice, and none without a name among named ones', () => {
    const four = ['a', 'b', 'c', 'd'].map((rid) => ({ rid }));
    expect(takes(layers(...four))).toBe(false);
    expect(takes(layers({ rid: 'a' }, { rid: 'a' }))).toBe(false);
    expect(takes(layers({ rid: 'a' }, { ssrc: 7 }))).toBe(false);
    const twice = { ...opusParameters, encodings: [{ ssrc: 1 }, { ssrc: 2 }] };
    expect(takes({ ...sound, rtpParameters: twice })).toBe(false);
  });

  test('no other source', () => {
    expect(takes({ ...picture, source: 'desktop' })).toBe(false);
  });
});

test('a listener asks for one of three layers', () => {
  const asks = (spatial: unknown): boolean =>
    requests.consumerLayers.safeParse({ consumerId: 'one', spatial }).success;
  expect([0, 1, 2].map(asks)).toEqual([true, true, true]);
  expect([-1, 3, 1.5, '0', null].map(asks)).toEqual([false, false, false, false, false]);
});
