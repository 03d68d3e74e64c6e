import type { Logger } from 'pino';
import type { Pacer } from '../egress/pacer.ts';
import type { ServerToMedia } from '../messages.ts';
import type { MediaOptions } from '../options.ts';
import type { RtpSocket } from '../rtp/socket.ts';
import type { VadModel } from '../vad/model.ts';
import type { Report } from './ports.ts';
import type { VoiceShared } from './voice-track.ts';

export type OpenSpeaker = Extract<ServerToMedia, { type: 'open-speaker' }>;

/** What all speakers of the process share. */
export interface SpeakerShared extends VoiceShared {
  readonly socket: Pick<RtpSocket, 'listen'>;
  /** Drives what must happen though no packet comes. */
  readonly pacer: Pacer;
  readonly vad: VadModel;
  readonly options: MediaOptions;
  /** Numbers that no other utterance of the engine has. */
  readonly nextSequence: () => number;
  readonly report: Report;
  readonly log: Logger;
}
