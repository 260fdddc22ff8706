// The unit tests that judge mutants: those beside the code. Tests of the whole relay notice most mutants, too, but
// minutes later.
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    environment: 'node',
    testTimeout: 300_000,
    include: ['src/{model,topics,relay/record,relay/fanout}/**/*.test.ts'],
  },
})
