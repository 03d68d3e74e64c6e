import type { System } from './browser.ts';

/** One thing to do. */
export interface Step {
  readonly text: string;
  readonly link?: string;
  /** To be typed in a terminal. */
  readonly commands?: readonly string[];
}

/** How the translated voice gets into another meeting program. */
export interface RoutingGuide {
  readonly system: 'Windows' | 'macOS' | 'Linux';
  readonly of: System;
  /** The virtual cable that is used. */
  readonly cable: string;
  readonly steps: readonly Step[];
}

/** An output `Parley`, and a microphone `Parley microphone` that hears what is played into it. */
export const LINUX_CABLE: readonly string[] = [
  'pactl load-module module-null-sink sink_name=parley sink_properties=device.description=Parley',
  'pactl load-module module-remap-source master=parley.monitor source_name=parley_microphone source_properties=device.description=Parley-microphone',
];

/** Takes both away again, and every other device of these two kinds. */
export const LINUX_REMOVAL: readonly string[] = [
  'pactl unload-module module-remap-source',
  'pactl unload-module module-null-sink',
];

export const guides: readonly RoutingGuide[] = [
  {
    ...{ system: 'Windows', of: 'windows', cable: 'VB-CABLE' },
    steps: [
      {
        text: 'Download VB-CABLE, unpack it, and run the setup as administrator. Restart the computer.',
        link: 'https://vb-audio.com/Cable/',
      },
      {
        text: 'Setting it up can make the cable the system’s output. In Settings, System, Sound, choose your headphones again.',
      },
      { text: 'In Parley choose “CABLE Input” for “Translated voice on”, and start.' },
      { text: 'In the meeting program choose “CABLE Output” as the microphone.' },
    ],
  },
  {
    ...{ system: 'macOS', of: 'mac', cable: 'BlackHole 2ch' },
    steps: [
      {
        text: 'Install BlackHole 2ch, and restart the computer. With Homebrew:',
        commands: ['brew install blackhole-2ch'],
      },
      { text: 'Without Homebrew, download it here:', link: 'https://existential.audio/blackhole/' },
      {
        text: 'In Parley, in Chrome or Edge, choose “BlackHole 2ch” for “Translated voice on”, and start.',
      },
      { text: 'In the meeting program choose “BlackHole 2ch” as the microphone.' },
      {
        text: 'To hear the voice yourself, too, make a multi-output device of BlackHole and your headphones in the program “Audio MIDI Setup”, and choose that in Parley.',
      },
    ],
  },
  {
    ...{ system: 'Linux', of: 'linux', cable: 'PipeWire or PulseAudio' },
    steps: [
      {
        text: 'Nothing is to be installed but pactl (package pulseaudio-utils). In a terminal:',
        commands: LINUX_CABLE,
      },
      { text: 'In Parley choose “Parley” for “Translated voice on”, and start.' },
      { text: 'In the meeting program choose “Parley-microphone” as the microphone.' },
      {
        text: 'To hear the voice yourself, too:',
        commands: ['pactl load-module module-loopback source=parley.monitor'],
      },
      {
        text: 'The cable is gone after the next login, or with these, which take away all devices of these kinds:',
        commands: LINUX_REMOVAL,
      },
    ],
  },
];

/** All of them, the one for this system first. */
export function guidesFor(system: System, all: readonly RoutingGuide[]): readonly RoutingGuide[] {
  const mine = all.filter((guide) => guide.of === system);
  return [...mine, ...all.filter((guide) => guide.of !== system)];
}
