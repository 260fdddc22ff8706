import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from '../fixtures.ts'
import { spawnServer } from '../helpers/relay-process.ts'
import { expectProgress, taskOf } from '../helpers/screens.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** Packs the build as it is, and installs it in an empty folder as somebody does who has only the tarball. */
function installInto(folder: string): string {
  // The build under test is there: it is not made again.
  const packed = execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const { filename, files } = (JSON.parse(packed) as [{ filename: string; files: { path: string }[] }])[0]
  for (const { path } of files)
    expect(path).toMatch(/^(dist\/(page|server)\/|docs\/|README|LICENSE|package\.json)/)
  expect(files.filter(({ path }) => path.endsWith('.map'))).toEqual([])
  execFileSync('npm', ['init', '--yes'], { cwd: folder, stdio: 'ignore' })
  const quick = ['--prefer-offline', '--no-audit', '--no-fund']
  execFileSync('npm', ['install', '--omit=dev', ...quick, join(folder, filename)], {
    cwd: folder,
    stdio: 'ignore',
  })
  return join(folder, 'node_modules/.bin/weir')
}

test('the packed tarball installs without development packages, starts, and shows a lab', async ({
  page,
  lab,
}) => {
  const folder = mkdtempSync(join(tmpdir(), 'weir-installed-'))
  try {
    const program = installInto(folder)
    expect(readdirSync(join(folder, 'node_modules'))).not.toContain('vite')
    const help = await spawnServer(['--help'], { program }).ended
    expect(help).toMatchObject({ code: 0, stderr: '' })
    expect(help.stdout).toContain('Usage: weir [options]')

    await lab.start('run-1', 'LongRunningTask', { steps: 600, delay: 0.1, enable_streaming: true })
    // The record's library brings native code, which the tarball does not.
    const data = join(folder, 'record')
    const weir = spawnServer(['--port', '0', '--source', `lab=labdaemon:${lab.url}`, '--data', data], {
      program,
    })
    await once(weir.child.stdout!, 'data')
    const url = /http:\S+/.exec(weir.said().stdout)?.[0] ?? ''
    await page.goto(url)
    await expectProgress(taskOf(page, 'run-1'))
    expect(await (await fetch(new URL('/api/health', url))).json()).toMatchObject({ status: 'ok' })
    // It may still be fetching what it will need later.
    await page.close()
    weir.child.kill('SIGTERM')
    expect((await weir.ended).code).toBe(0)
    expect(readdirSync(data)).toContain('weir.db')
  } finally {
    rmSync(folder, { recursive: true })
  }
})
