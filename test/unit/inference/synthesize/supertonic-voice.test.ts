import { describe, expect, it } from 'vitest';
import { sayOf } from '../../../../inference/synthesize/supertonic-voice.ts';

describe('a request to Supertonic', () => {
  it.each([
    ['male', 'M1'],
    ['male-0', 'M1'],
    ['male-4', 'M5'],
    ['male-5', 'M1'],
    ['female-1', 'F2'],
    ['female-123456', 'F2'],
  ])('for the voice %s is spoken with style %s', (voice, style) => {
    expect(sayOf({ text: 'Hello.', language: 'en', voice }).style).toBe(style);
  });

  it.each([
    ['en', 'It costs €5.', 'It costs five euros.'],
    ['ru-RU', 'Мы используем Zoom.', 'Мы используем Зум.'],
    ['de', 'um 14:30 Uhr', 'um vierzehn Uhr dreißig.'],
  ])('in %s has its numbers and names in words: %s', (language, text, said) => {
    expect(sayOf({ text, language, voice: 'male' })).toMatchObject({
      text: said,
      language: language.slice(0, 2),
    });
  });

  it.each([
    ['mt', 'male'],
    ['tlh', 'male'],
    ['', 'male'],
    ['en', 'robot'],
    ['en', 'male-x'],
    ['en', ''],
  ])('in %j with the voice %j is refused', (language, voice) => {
    expect(() => sayOf({ text: 'x', language, voice })).toThrow(
      expect.objectContaining({ code: 'badRequest' }),
    );
  });
});
