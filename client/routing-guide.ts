import type { System } from './browser.ts';
import { m } from './paraglide/messages.js';

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

/** For every system, in the language of the interface. */
export function routingGuides(): readonly RoutingGuide[] {
  return [windowsGuide(), macGuide(), linuxGuide()];
}

function windowsGuide(): RoutingGuide {
  return {
    ...{ system: 'Windows', of: 'windows', cable: 'VB-CABLE' },
    steps: [
      { text: m.routing_windows_install(), link: 'https://vb-audio.com/Cable/' },
      { text: m.routing_windows_default() },
      { text: m.routing_choose_output({ output: 'CABLE Input' }) },
      { text: m.routing_choose_microphone({ microphone: 'CABLE Output' }) },
    ],
  };
}

function macGuide(): RoutingGuide {
  return {
    ...{ system: 'macOS', of: 'mac', cable: 'BlackHole 2ch' },
    steps: [
      { text: m.routing_mac_install(), commands: ['brew install blackhole-2ch'] },
      { text: m.routing_mac_download(), link: 'https://existential.audio/blackhole/' },
      { text: m.routing_choose_output_mac({ output: 'BlackHole 2ch' }) },
      { text: m.routing_choose_microphone({ microphone: 'BlackHole 2ch' }) },
      { text: m.routing_mac_both() },
    ],
  };
}

function linuxGuide(): RoutingGuide {
  return {
    ...{ system: 'Linux', of: 'linux', cable: m.routing_pipewire() },
    steps: [
      { text: m.routing_linux_install(), commands: LINUX_CABLE },
      { text: m.routing_choose_output({ output: 'Parley' }) },
      { text: m.routing_choose_microphone({ microphone: 'Parley-microphone' }) },
      {
        text: m.routing_linux_both(),
        commands: ['pactl load-module module-loopback source=parley.monitor'],
      },
      { text: m.routing_linux_remove(), commands: LINUX_REMOVAL },
    ],
  };
}

/** All of them, the one for this system first. */
export function guidesFor(system: System, all: readonly RoutingGuide[]): readonly RoutingGuide[] {
  const mine = all.filter((guide) => guide.of === system);
  return [...mine, ...all.filter((guide) => guide.of !== system)];
}
