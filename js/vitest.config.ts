import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['packages/*/test/**/*.test.ts'],
    // Bounds for a machine that is busy with other things: nothing is asserted on speed.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 60_000 } },
    // Tests in a browser wait more than they work.
    maxWorkers: 3,
  },
});
