import { defineConfig, mergeConfig } from 'vitest/config';
import usual from './vitest.config.ts';

/** What `npm run test:full` runs beyond `npm test`: tests that take minutes, and the workflows on the embedded database. */
export default mergeConfig(
  { ...usual, test: { ...usual.test, include: [], exclude: [] } },
  defineConfig({
    test: {
      include: [
        'test/full/**/*.test.ts',
        'test/workflows/**/*.test.ts',
        'test/integration/{kill,server-clock,whole-story}.test.ts',
      ],
      testTimeout: 600_000,
      hookTimeout: 600_000,
      provide: { isLongRun: true },
    },
  }),
);
