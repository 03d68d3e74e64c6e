import { ApiError } from './schemas.ts';

/** What any endpoint may answer instead, one form for all. */
export const failures = {
  400: ApiError.describe(
    'The request is not understood, or the language or recording is not served.',
  ),
  401: ApiError.describe('No valid token.'),
  403: ApiError.describe('The token is not for this.'),
  413: ApiError.describe('Too long.'),
  429: ApiError.describe('Too many requests; wait as long as `Retry-After` says.'),
  503: ApiError.describe('The server is full, or starting; try again later.'),
};
