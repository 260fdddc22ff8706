// Everything that must hold before a change lands, but the journeys. Runs all checks and fails if one did.
import { spawnSync } from 'node:child_process'
import { ensureBrowser } from './browser.mjs'

ensureBrowser()

const CHECKS = [
  ['format', 'prettier', '--check', '--log-level', 'warn', '.'],
  ['lint', 'oxlint', '--type-aware', '--deny-warnings'],
  ['unused code', 'knip'],
  ['types of the page', 'tsc', '-p', '.'],
  ['types of Node code', 'tsc', '-p', 'e2e'],
  ['unit and component tests', 'vitest', 'run'],
  ['build', 'vite', 'build', '--logLevel', 'warn'],
  ['build of the relay', 'vite', 'build', '--mode', 'server', '--logLevel', 'warn'],
  ['size of the first load', 'node', 'src/tooling/size.mjs'],
]

const failed = []
for (const [name, command, ...args] of CHECKS) {
  console.log(`\n— ${name}`)
  const begun = Date.now()
  const { status } = spawnSync('npx', ['--no-install', command, ...args], { stdio: 'inherit' })
  console.log(`  ${status === 0 ? 'ok' : 'FAILED'} (${((Date.now() - begun) / 1000).toFixed(1)} s)`)
  if (status !== 0) failed.push(name)
}
if (failed.length > 0) {
  console.error(`\nFailed: ${failed.join(', ')}`)
  process.exit(1)
}
console.log('\nAll checks passed')
