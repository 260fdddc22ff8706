import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'libsql'
import { expect, test } from '../fixtures.ts'
import { spawnServer } from '../helpers/relay-process.ts'
import { expectStatus, taskOf } from '../helpers/screens.ts'

let folder: string

test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-record-'))
})
test.afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

test('Weir is killed in the middle of a run: the open page goes on, the night before is there, and the time away is said', async ({
  lab,
  startRelay,
  page,
  console: complaints,
}) => {
  const relay = await startRelay(['--source', `lab=labdaemon:${lab.url}`, '--data', folder])
  await relay.api('/tasks/lab', {
    id: 'short',
    type: 'WavelengthSweepTask',
    params: { steps: 5, delay: 0.05 },
  })
  await relay.api('/tasks/lab', {
    id: 'night',
    type: 'WavelengthSweepTask',
    params: { steps: 600, delay: 0.1 },
  })
  await expect.poll(async () => (await relay.task('short')).status).toBe('completed')
  await expect.poll(async () => (await relay.task('night')).progress?.step ?? 0).toBeGreaterThan(10)
  await page.goto(relay.at('/tasks/lab/night'))
  const log = page.getByRole('log')
  await expect(log).toContainText(/\S/)
  const { total } = (await relay.task('night')).log
  // What a killed client does to the lab is no part of the journey.
  lab.judge()
  await relay.stop('SIGKILL')
  complaints.allow(/ERR_|Failed to (load|fetch)|net::/)
  await relay.start()
  await expect.poll(async () => (await relay.task('night')).progress?.step ?? 0).toBeGreaterThan(30)
  const night = await relay.task('night')
  expect(night.log.total).toBeGreaterThan(total - 5)
  expect(night.detail.gaps.map(({ cause }) => cause)).toEqual(['weir-away'])
  await expect(page.getByRole('list', { name: 'Gaps' })).toContainText('Weir was not running from')
  await expect(page.getByText(/before.*in this page alone/)).toHaveCount(0)
  const old = await relay.task('short')
  expect(old).toMatchObject({ status: 'completed', onServer: true })
  await page.goto(relay.at('/'))
  await expectStatus(taskOf(page, 'short'), 'completed')
})

test('a second Weir is told whose folder it is', async ({ lab, startRelay }) => {
  await startRelay(['--source', `lab=labdaemon:${lab.url}`, '--data', folder])
  const { ended } = spawnServer(['--port', '0', '--source', `lab=labdaemon:${lab.url}`, '--data', folder])
  const { code, stderr } = await ended
  expect(code).toBe(1)
  expect(stderr).toMatch(/Another Weir \(process \d+\) keeps its record in .*--data/)
  lab.judge()
})

test('a copy that is made while Weir runs is a record of its own, of a lab that has moved', async ({
  lab,
  startRelay,
}) => {
  const source = ['--source', `lab=labdaemon:${lab.url}`]
  const relay = await startRelay([...source, '--data', folder])
  await relay.api('/tasks/lab', {
    id: 'short',
    type: 'WavelengthSweepTask',
    params: { steps: 5, delay: 0.05 },
  })
  await expect.poll(async () => (await relay.task('short')).status).toBe('completed')
  const copy = join(folder, 'copy')
  const elsewhereWith = ['--source', 'lab=labdaemon:http://127.0.0.1:9', '--data', copy]
  // What became known is on disk after a quarter of a second.
  await expect
    .poll(async () => {
      rmSync(copy, { recursive: true, force: true })
      const backup = await spawnServer(['backup', copy, '--data', folder]).ended
      expect(backup).toMatchObject({ code: 0, stderr: '' })
      const elsewhere = await spawnServer(['--port', '0', ...elsewhereWith]).ended
      expect(elsewhere.code).toBe(1)
      return elsewhere.stderr
    })
    .toMatch(/The source lab is labdaemon at http:\/\/127\.0\.0\.1:9, but in the record .*--source-moved lab/)
  const moved = await startRelay([...elsewhereWith, '--source-moved', 'lab'])
  expect(await moved.task('short')).toMatchObject({ status: 'completed' })
  const again = await spawnServer(['backup', copy, '--data', folder]).ended
  expect(again.code).toBe(1)
  expect(again.stderr).toContain('There is a record in')
})

test('a record that cannot be read is one line and exit code 1, and stays as it is', async () => {
  writeFileSync(join(folder, 'weir.db'), 'These are my notes.\n'.repeat(500))
  const args = ['--port', '0', '--source', 'lab=labdaemon:http://127.0.0.1:9', '--data', folder]
  const { code, stderr } = await spawnServer(args).ended
  expect(code).toBe(1)
  expect(stderr).toMatch(/weir\.db: it is damaged; put a copy made by "weir backup" in its place/)
})

test('while another program holds the record the page says that nothing is written, and work goes on', async ({
  lab,
  startRelay,
  page,
}) => {
  const relay = await startRelay(['--source', `lab=labdaemon:${lab.url}`, '--data', folder])
  await page.goto(relay.at('/'))
  const record = page.getByRole('alert', { name: 'Record' })
  const other = new Database(join(folder, 'weir.db'))
  other.exec('BEGIN IMMEDIATE')
  await relay.api('/tasks/lab', { id: 'now', type: 'WavelengthSweepTask', params: { steps: 5, delay: 0.05 } })
  await expectStatus(taskOf(page, 'now'), 'completed')
  // So long a write waits before it is given up.
  await expect(record).toContainText(/^Not written to disk since .*another program holds it/, {
    timeout: 20_000,
  })
  other.exec('ROLLBACK')
  other.close()
  await expect(record).toHaveCount(0)
  await relay.stop('SIGKILL')
  await relay.start()
  expect(await relay.task('now')).toMatchObject({ status: 'completed' })
  lab.judge()
})
