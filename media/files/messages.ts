import type { ModelsAt } from '../../inference/protocol/pool/models-at.ts';

/**
 * What the files process says about a recording, a JSON object a line. Times are milliseconds from
 * the beginning of the recording. The server reads it in server/supervise/files-process.ts.
 */
export type FileEvent =
  /** So much has been listened to; at least once for each five seconds of sound. */
  | { readonly type: 'progress'; readonly heardMs: number }
  | ({ readonly type: 'segment' } & Segment)
  /** The last event of a recording that was read to its end. */
  | { readonly type: 'end'; readonly durationMs: number }
  /** The last event of one that was not. */
  | { readonly type: 'error'; readonly code: string; readonly message: string };

/** What was said in one go. */
export interface Segment {
  readonly startMs: number;
  readonly endMs: number;
  /** Empty where a gap is. */
  readonly text: string;
  /** In the order they were asked for; `lost`: could not be translated. */
  readonly translations: readonly {
    readonly language: string;
    readonly text: string;
    readonly lost?: true;
  }[];
  /** The engine gave this stretch of speech up. */
  readonly gap?: 'failed';
}

/** What is wanted of a recording. */
export interface TranscriptionBrief {
  /** BCP-47 tag of the language spoken. */
  readonly source: string;
  /** BCP-47 tags; may be empty. */
  readonly targets: readonly string[];
}

/** Over IPC, from the server process. */
export type ServerToFiles =
  /** Where models are served; sent again when they move. */
  ({ readonly type: 'engine' } & ModelsAt) | { readonly type: 'shutdown' };

/** Over IPC, to the server process: where recordings and texts are taken. */
export interface FilesToServer {
  readonly type: 'ready';
  readonly url: string;
}
