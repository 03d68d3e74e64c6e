import { z } from 'zod';

const ms = z.number().int().min(0);

/** Everything about the media process that can be set. Defaults live in config/defaults.ts. */
export const MediaOptions = z
  .strictObject({
    logLevel: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),

    /** Speakers taken at once; above it one more is refused rather than all served badly. */
    maxStreams: z.number().int().min(1).max(1000),

    /** Kernel buffer of the one RTP socket; what the kernel grants may be less. */
    rtpReceiveBufferBytes: z.number().int().min(65_536),

    /** Longest wait for a packet that is missing. In-order packets never wait. */
    jitterHoldMs: ms.max(60),
    /** Packets kept behind a gap before it is given up. */
    jitterPackets: z.number().int().min(2).max(1000),

    /** Without any packet for this long, a running utterance is taken to be over. */
    stallMs: ms.min(100),
    /** Decoded speech that may wait for the recogniser; beyond it the oldest is dropped. */
    speechQueueMs: ms.min(1000),

    /** File with a graph of Silero VAD, v5 or v6; empty: the v5 that comes along. */
    vadModel: z.string(),
    /** Longest wait of a window for those of other speakers, to be judged with them in one run. */
    vadGatherMs: ms.max(32),
    /** Probability from which a window counts as speech. */
    vadThreshold: z.number().gt(0).lt(1),
    /** Probability below which speech is taken to pause; lower than the threshold. */
    vadRelease: z.number().gt(0).lt(1),
    /** Shorter bursts are not speech. */
    vadMinSpeechMs: ms,
    /** Silence that ends an utterance. */
    vadMinSilenceMs: ms.min(100),
    /** Audio before the first speech that belongs to the utterance. */
    vadPreRollMs: ms.max(2000),
    /** Silence after speech that is still sent to the recogniser. */
    vadPostRollMs: ms,
    /** Longest utterance; speech that goes on is cut at its quietest place. */
    vadMaxUtteranceMs: ms.min(2000).max(40_000),
    /** How far back from the longest utterance the quietest place is looked for. */
    vadCutSearchMs: ms.min(100),

    /** Speech gathered before a part of an utterance is sent to the recogniser. */
    speechPartMs: ms.min(100),
    /** Longest wait for one answer of the recogniser. */
    speechTimeoutMs: ms.min(1000),
    /** Longest wait for one answer of the voice. */
    voiceTimeoutMs: ms.min(1000),
    /** Translated phrases that may wait for their voice; beyond it the oldest is dropped. */
    voiceQueuePhrases: z.number().int().min(1),
    /** Written texts that may be on their way through the engine; the next is refused. */
    textQueue: z.number().int().min(1),
    /** Longest wait for one of them. */
    textTimeoutMs: ms.min(1000),
    /** How often the engine is asked whether it is ready. */
    enginePollMs: ms.min(100),
    /** How long a failed request waits for the engine to come back before its one retry. */
    engineRecoveryMs: ms,
    /** Unreachable for this long, the engine is reported as failed. */
    engineFailedMs: ms.min(1000),

    /** Translated voice that may wait to be played; beyond it the oldest phrase is dropped. */
    playoutMs: ms.min(5000),
    /** A translation that begins so soon after its words is spoken as it is. */
    lagLowMs: ms,
    /** From here on the voice is as fast as it may get; in between, it hurries by degrees. */
    lagHighMs: ms,
    /** A phrase that would begin later than this after its words is left to its caption. */
    lagMaxMs: ms.min(5000),
    /** How much faster than spoken a voice may be played; 1 is never. */
    maxTempo: z.number().min(1).max(1.5),
    /** Longest stall made good by sending what was missed at once; longer ones are skipped. */
    pacerCatchUpMs: ms,
    opusBitrate: z.number().int().min(6000).max(128_000),
    /** 0 (cheap) to 10 (best). */
    opusComplexity: z.number().int().min(0).max(10),
    /** Packet loss the encoder prepares for with in-band FEC. */
    opusLossPercent: z.number().int().min(0).max(100),
  })
  .refine((options) => options.vadRelease < options.vadThreshold, {
    message: 'must be below vadThreshold',
    path: ['vadRelease'],
  })
  .refine(({ lagLowMs, lagHighMs, lagMaxMs }) => lagLowMs < lagHighMs && lagHighMs < lagMaxMs, {
    message: 'must be above lagLowMs and below lagMaxMs',
    path: ['lagHighMs'],
  })
  .refine((options) => options.vadCutSearchMs < options.vadMaxUtteranceMs, {
    message: 'must be below vadMaxUtteranceMs',
    path: ['vadCutSearchMs'],
  });
export type MediaOptions = Readonly<z.infer<typeof MediaOptions>>;
