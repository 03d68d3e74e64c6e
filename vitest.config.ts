import { defineConfig } from 'vitest/config';

/**
 * Layers, cheapest first. All but the unit tests share two cores with real codecs and recognisers, so
 * their files run one after another, and what a machine that was busy with something else made fail
 * gets another try, which the report names.
 */
export default defineConfig({
  test: {
    globalSetup: ['test/support/compile-messages.ts'],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          testTimeout: 10_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          retry: 1,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          retry: 1,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: 'security',
          include: ['test/security/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          retry: 1,
          fileParallelism: false,
          sequence: { groupOrder: 3 },
        },
      },
      {
        test: {
          name: 'chaos',
          include: ['test/chaos/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          retry: 1,
          fileParallelism: false,
          sequence: { groupOrder: 4 },
        },
      },
      {
        test: {
          name: 'network',
          include: ['test/network/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 120_000,
          retry: 2,
          fileParallelism: false,
          sequence: { groupOrder: 5 },
        },
      },
      {
        test: {
          name: 'deploy',
          include: ['test/deploy/**/*.test.ts'],
          // Packages are fetched and installed.
          testTimeout: 900_000,
          hookTimeout: 300_000,
          retry: 1,
          fileParallelism: false,
          sequence: { groupOrder: 9 },
        },
      },
      {
        test: {
          name: 'cluster',
          include: ['test/cluster/**/*.test.ts'],
          testTimeout: 150_000,
          hookTimeout: 240_000,
          expect: { poll: { timeout: 15_000 } },
          retry: 1,
          fileParallelism: false,
          sequence: { groupOrder: 6 },
        },
      },
    ],
  },
});
