import type { Config } from '../schema.ts';

/** Packets, speech detection, and the translated voice. */
export const media: Config['media'] = {
  /** fatal, error, warn, info, debug, trace or silent. */
  logLevel: 'info',

  /**
   * People one media process serves at once; above it a join is refused rather than all served
   * badly. More processes: server.mediaProcesses.
   */
  maxStreams: 200,

  /** Kernel buffer of the one RTP socket; what the kernel grants may be less. */
  rtpReceiveBufferBytes: 4_194_304,

  /** Longest wait for a packet that is missing. In-order packets never wait. */
  jitterHoldMs: 60,
  /** Packets kept behind a gap before it is given up. */
  jitterPackets: 50,

  /** Without any packet for so long, a running utterance is taken to be over. */
  stallMs: 1_000,
  /** Decoded speech that may wait for the recogniser; beyond it the oldest is dropped. */
  speechQueueMs: 8_000,

  /** File with a graph of Silero VAD, v5 or v6; empty: the v5 that comes along. See docs/models.md. */
  vadModel: '',
  /**
   * Longest wait of a window of speech for those of others, to be judged with them in one run; with
   * one or two people speaking none waits. 0: never.
   */
  vadGatherMs: 10,

  /** Probability from which 32 ms of sound count as speech. */
  vadThreshold: 0.5,
  /** Probability below which speech is taken to pause; lower than the threshold. */
  vadRelease: 0.35,
  /** Shorter bursts are not speech. */
  vadMinSpeechMs: 200,
  /** Silence that ends an utterance: longer is slower, shorter cuts sentences. */
  vadMinSilenceMs: 500,
  /** Sound before the first speech that belongs to the utterance. */
  vadPreRollMs: 300,
  /** Silence after speech that is still sent to the recogniser. */
  vadPostRollMs: 200,
  /** Longest utterance; speech that goes on is cut at its quietest place. */
  vadMaxUtteranceMs: 15_000,
  /** How far back from the longest utterance the quietest place is looked for. */
  vadCutSearchMs: 2_000,

  /** Speech gathered before a part of an utterance is sent to the recogniser. */
  speechPartMs: 500,
  /** Longest wait for one answer of the recogniser. */
  speechTimeoutMs: 20_000,
  /** Longest wait for one answer of the voice. */
  voiceTimeoutMs: 10_000,
  /** Translated phrases that may wait for their voice; beyond it the oldest is dropped. */
  voiceQueuePhrases: 8,
  /** Written texts that may be on their way through the engine; the next is refused. */
  textQueue: 16,
  /** Longest wait for one of them. */
  textTimeoutMs: 30_000,
  /** How often the engine is asked whether it is ready. */
  enginePollMs: 500,
  /** How long a failed request waits for the engine to come back before its one retry. */
  engineRecoveryMs: 5_000,
  /** Unreachable for so long, the engine is reported as failed. */
  engineFailedMs: 30_000,

  /** Translated voice that may wait to be played; beyond it the oldest phrase is dropped. */
  playoutMs: 30_000,
  /**
   * The band in which a translated voice is held behind the speaker, counted from the end of
   * their words. Below it a voice is played as it is; within it pauses are shortened and speech
   * gets faster by degrees, at its upper end by `maxTempo`.
   */
  lagLowMs: 2_000,
  lagHighMs: 4_500,
  /** A phrase that would begin later than this after its words is left to its caption. */
  lagMaxMs: 20_000,
  /** How much faster than spoken a voice may be played; 1 is never. */
  maxTempo: 1.25,
  /** Longest stall made good by sending at once what was missed; longer ones are skipped. */
  pacerCatchUpMs: 100,
  /** Bits per second of a translated voice. */
  opusBitrate: 32_000,
  /** 0 (cheap) to 10 (best). */
  opusComplexity: 5,
  /** Packet loss the encoder prepares for with in-band FEC. */
  opusLossPercent: 10,
};
