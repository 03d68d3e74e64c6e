import { describe, expect, it } from 'vitest';
import { GATE_HOLD_WINDOWS, LevelGate } from '../../../../media/vad/level-gate.ts';

/** A window whose root mean square is so many dBFS. */
const at = (db: number) => new Float32Array(512).fill(10 ** (db / 20));
const NOTHING = new Float32Array(512);

function gateAt(gateDb: number | null): LevelGate {
  const gate = new LevelGate();
  gate.gateDb = gateDb;
  return gate;
}

describe('a gate', () => {
  it('without a level lets everything through', () => {
    const gate = gateAt(null);
    expect([at(-20), at(-80), NOTHING].map((window) => gate.admits(window))).toEqual([
      true,
      true,
      true,
    ]);
  });

  it('stays shut for what is quieter than its level', () => {
    const gate = gateAt(-40);
    expect(gate.admits(at(-41))).toBe(false);
    expect(gate.admits(NOTHING)).toBe(false);
    expect(gate.admits(at(-39))).toBe(true);
  });

  it('stays open through quiet ends of words, for 320 ms', () => {
    const gate = gateAt(-40);
    gate.admits(at(-30));
    for (let window = 0; window < GATE_HOLD_WINDOWS; window++) {
      expect(gate.admits(at(-60))).toBe(true);
    }
    expect(gate.admits(at(-60))).toBe(false);
    expect(gate.admits(at(-60))).toBe(false);
  });

  it('begins to hold anew with every loud window', () => {
    const gate = gateAt(-40);
    gate.admits(at(-30));
    gate.admits(at(-60));
    gate.admits(at(-30));
    for (let window = 0; window < GATE_HOLD_WINDOWS; window++) gate.admits(at(-60));
    expect(gate.admits(at(-60))).toBe(false);
  });

  it('that is taken away lets the quiet through at once', () => {
    const gate = gateAt(-40);
    expect(gate.admits(at(-60))).toBe(false);
    gate.gateDb = null;
    expect(gate.admits(at(-60))).toBe(true);
  });
});
