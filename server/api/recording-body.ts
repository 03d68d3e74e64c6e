/** Media types of a form with recordings, and of a recording by itself. */
export const FORM = 'multipart/form-data';
export const AUDIO = 'audio/*';

const binary = { type: 'string', contentMediaType: 'application/octet-stream' };

/**
 * What a request with recordings carries, for the OpenAPI document: bodies are streamed, so that no
 * schema is ever held against them.
 */
export const RECORDING = {
  content: {
    [FORM]: {
      schema: {
        type: 'object',
        description: 'One recording or several: WAV, MP3, Ogg, WebM or FLAC.',
        properties: { file: { type: 'array', items: binary } },
        required: ['file'],
      },
    },
    [AUDIO]: { schema: { ...binary, description: 'One recording.' } },
  },
};

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the OpenAPI document says of a body that is streamed. */
    readonly body?: typeof RECORDING;
  }
}
