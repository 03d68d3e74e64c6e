import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { DARK_STYLE, FOLLOW_SYSTEM } from './docs-look.ts';
import { Languages } from './schemas.ts';

const ABOUT = `Translated meetings, and what they are made of, for other programs.

Every request but those about the server itself carries a token: \`Authorization: Bearer parley_…\`. The
operator makes one with \`node server/api/token.ts create\`. Errors are
\`{ "code": …, "message": … }\` with a fitting status. Sound and words are worked on and forgotten.`;

/**
 * The OpenAPI document of the routes that are registered from here on, at /api/openapi.json, and a page
 * to read and try them on, at /docs.
 */
export async function describeRoutes(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Parley',
        description: ABOUT,
        version,
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: '/' }],
      tags: ['Texts', 'Recordings', 'Voices', 'Meetings', 'Server'].map((name) => ({ name })),
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      paths: { '/api/languages': languages },
    },
    transform: (route) => {
      const { schema, url } = jsonSchemaTransform(route);
      const { config } = route.route;
      return { schema: config?.body ? { ...schema, body: config.body } : schema, url };
    },
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    // Icons of the page's own style sheet.
    transformStaticCSP: (header) => header.replace("img-src 'self'", "img-src 'self' data:"),
    theme: {
      title: 'Parley API',
      css: [{ filename: 'parley.css', content: DARK_STYLE }],
      js: [{ filename: 'parley.js', content: FOLLOW_SYSTEM }],
    },
    // Without the bar on top, which is about other documents and has styles inline.
    uiConfig: { layout: 'BaseLayout', docExpansion: 'list', defaultModelsExpandDepth: -1 },
  });
  app.get('/api/openapi.json', { schema: { hide: true } }, () => app.swagger());
}

/** A route that is not of this API alone. */
const languages = {
  get: {
    summary: 'Which language can become which',
    tags: ['Server'],
    responses: {
      200: {
        description: 'Empty until the engine has told.',
        content: { 'application/json': { schema: plainSchema(Languages) } },
      },
    },
  },
};

function plainSchema(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _, ...plain } = z.toJSONSchema(schema, { io: 'output' });
  return plain;
}
