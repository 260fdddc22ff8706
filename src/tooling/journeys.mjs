// The journeys in a real browser, on the production build. Flags go to Playwright.
import { spawnSync } from 'node:child_process'
import { ensureBrowser } from './browser.mjs'

ensureBrowser()
for (const args of [
  ['vite', 'build', '--logLevel', 'warn'],
  ['vite', 'build', '--mode', 'server', '--logLevel', 'warn'],
  ['playwright', 'test', '-c', 'e2e/playwright.config.ts', ...process.argv.slice(2)],
]) {
  const { status } = spawnSync('npx', ['--no-install', ...args], { stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}
