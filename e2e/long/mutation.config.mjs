// For Stryker: is every line of the record and of what pages are told pinned by a test beside it? A mutant is one small
// change of the code; one that no test notices survives. `npm run long -- --only mutation [--mutate FILES]`.

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  plugins: ['@stryker-mutator/vitest-runner'],
  testRunner: 'vitest',
  vitest: { configFile: 'e2e/long/mutation.vitest.config.mjs' },
  mutate: ['src/{model,topics,relay/record,relay/fanout}/**/*.ts', '!src/**/*.test.ts'],
  // Fewer than so many of a hundred noticed: the run fails.
  thresholds: { high: 95, low: 85, break: 85 },
  // Texts are pinned where they matter to somebody; a comma in a message for people is not.
  mutator: { excludedMutations: ['StringLiteral'] },
  ignoreStatic: true,
  concurrency: 2,
  timeoutMS: 60_000,
  // It would read it with the API of TypeScript, which version 7 does not have.
  tsconfigFile: 'none',
  tempDirName: 'dist/mutation',
  cleanTempDir: 'always',
  ignorePatterns: ['dist', 'public', 'test-results', 'bench-results', 'docs'],
  reporters: ['clear-text', 'html'],
  clearTextReporter: { reportTests: false, reportMutants: true, allowEmojis: false },
  htmlReporter: { fileName: 'test-results/mutation.html' },
  allowConsoleColors: false,
}
