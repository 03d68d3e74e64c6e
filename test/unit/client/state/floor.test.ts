import { beforeEach, describe, expect, it } from 'vitest';
import { Floor, HEARD_MS } from '../../../../client/state/floor.ts';

const idle = { talking: false, voiced: false, pending: false };
const talking = { talking: true, voiced: false, pending: true };
const interpreting = { talking: false, voiced: false, pending: true };
const voiced = { talking: false, voiced: true, pending: true };

let floor: Floor;
beforeEach(() => {
  floor = new Floor();
});

describe('after the last word', () => {
  it('others are still listening while a voice speaks, and then everyone has heard', () => {
    expect(floor.push(talking, 0)).toBeUndefined();
    expect(floor.push(interpreting, 1_000)).toBeUndefined();
    expect(floor.push(voiced, 2_000)).toBe('waiting');
    expect(floor.push(idle, 4_000)).toBe('heard');
    expect(floor.push(idle, 4_000 + HEARD_MS - 1)).toBe('heard');
    expect(floor.push(idle, 4_000 + HEARD_MS)).toBeUndefined();
  });

  it('nothing is said to whoever is speaking', () => {
    floor.push(voiced, 0);
    expect(floor.push({ ...voiced, talking: true }, 100)).toBeUndefined();
  });

  it('nobody has heard what was never spoken', () => {
    floor.push(talking, 0);
    floor.push(interpreting, 1_000);
    expect(floor.push(idle, 2_000)).toBeUndefined();
  });

  it('not everyone has heard as long as one language is behind', () => {
    floor.push(voiced, 0);
    expect(floor.push(interpreting, 1_000)).toBeUndefined();
    expect(floor.push(voiced, 2_000)).toBe('waiting');
    expect(floor.push(idle, 3_000)).toBe('heard');
  });

  it('what is said next takes back that everyone has heard', () => {
    floor.push(voiced, 0);
    floor.push(idle, 1_000);
    expect(floor.push(interpreting, 1_500)).toBeUndefined();
    expect(floor.push(idle, 2_000)).toBeUndefined();
  });
});
