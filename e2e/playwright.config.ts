import { defineConfig } from '@playwright/test'
import { findBrowser } from '../src/tooling/browser.mjs'

/** Journeys run on the production build, each with a lab and a relay of its own. */
export default defineConfig({
  testDir: 'journeys',
  outputDir: '../test-results',
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 60_000,
  expect: { timeout: 10_000 },
  projects: [
    { name: 'journeys', testIgnore: /tabs\.spec/ },
    // Twenty tabs need both cores: alone, after the others. `--no-deps` runs it by itself.
    { name: 'tabs', testMatch: /tabs\.spec/, dependencies: ['journeys'] },
  ],
  reporter: [['list'], ['./helpers/counts-reporter.ts']],
  use: {
    launchOptions: findBrowser(),
    viewport: { width: 1280, height: 800 },
    // The locale and zone of a page are no part of what it proves.
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    actionTimeout: 10_000,
    screenshot: 'only-on-failure',
    trace: { mode: 'retain-on-failure', screenshots: false, sources: false },
  },
})
