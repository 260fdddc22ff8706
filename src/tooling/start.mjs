// Builds what is missing or stale, then runs `weir` with the same arguments. Only serving needs the page.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const [command] = process.argv.slice(2)
const program = 'dist/server/relay.js'

const sources = newest(['src', 'public', 'index.html', 'vite.config.ts', 'package.json', 'package-lock.json'])
if (command === undefined || command.startsWith('-')) build('dist/page/index.html', [])
build(program, ['--mode', 'server'])
await import(pathToFileURL(join(root, program)).href)

function build(output, flags) {
  const path = join(root, output)
  if (existsSync(path) && statSync(path).mtimeMs >= sources) return
  console.log(`Building ${dirname(output)} …`)
  const vite = join(root, 'node_modules/vite/bin/vite.js')
  if (!existsSync(vite)) fail('The dependencies are not installed: run npm install first.')
  const { status } = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'warn', ...flags], {
    cwd: root,
    stdio: 'inherit',
  })
  if (status !== 0) fail('The build failed; see above.')
}

function newest(names) {
  let time = 0
  for (const name of names) {
    const path = join(root, name)
    if (!existsSync(path)) continue
    const stat = statSync(path)
    // Tests are no part of the build.
    if (stat.isDirectory()) time = Math.max(time, newest(readdirSync(path).map((child) => join(name, child))))
    else if (!/\.test\.tsx?$/.test(name)) time = Math.max(time, stat.mtimeMs)
  }
  return time
}

function fail(words) {
  console.error(words)
  process.exit(1)
}
