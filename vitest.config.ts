import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    // The suites that start Java or a whole local run share their cores with the rest, and machines with each other:
    // the limits end what hangs, and measure nothing.
    testTimeout: 200_000,
    hookTimeout: 200_000,
    expect: { poll: { timeout: 100_000 } },
    reporters: ['default'],
  },
});
