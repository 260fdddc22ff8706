import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import { readFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Page } from '@playwright/test'
import { expect, test } from '../fixtures.ts'
import { answered } from '../helpers/console-watch.ts'
import { expectProgress, expectStatus, fillNewTask, taskOf } from '../helpers/screens.ts'

/** Texts of the cards by name: progress, message, state. */
function cards(page: Page): Promise<[string, string][]> {
  return page
    .getByRole('main')
    .getByRole('article')
    .evaluateAll((all) =>
      all.map((card) => {
        const bar = card.querySelector('[role="progressbar"]')
        const message = card.querySelector('.font-mono')?.textContent ?? ''
        const name = card.querySelector('h2')?.textContent ?? ''
        return [name, `${card.getAttribute('data-task-status')} ${bar?.ariaValueNow} ${message}`]
      }),
    )
}

/** Waits until so many tasks have been seen to change. */
async function expectMoving(page: Page, count: number): Promise<void> {
  const first = new Map(await cards(page))
  const moved = new Set<string>()
  await expect
    .poll(
      async () => {
        for (const [name, text] of await cards(page)) {
          if (!first.has(name)) first.set(name, text)
          if (first.get(name) !== text) moved.add(name)
        }
        return moved.size
      },
      { timeout: 30_000 },
    )
    .toBeGreaterThanOrEqual(count)
}

test.describe('the demo', () => {
  test.use({ viewport: { width: 1440, height: 1000 } })

  test('without sources: a lab at work, a dozen and more tasks that move', async ({ page, startRelay }) => {
    const relay = await startRelay([])
    await page.goto(relay.url)
    await expect
      .poll(() => page.locator('article[data-task-status="running"]').count())
      .toBeGreaterThanOrEqual(10)
    expect((await cards(page)).length).toBeGreaterThan(12)
    await expectMoving(page, 12)

    const dialog = await fillNewTask(page, { type: 'PausableTask', id: 'mine-1' })
    await dialog.getByRole('button', { name: 'Start', exact: true }).click()
    await expectStatus(taskOf(page, 'mine-1'), 'running')
    await expectProgress(taskOf(page, 'mine-1'))
    await taskOf(page, 'mine-1').getByRole('button', { name: 'Cancel' }).click()
    await expectStatus(taskOf(page, 'mine-1'), 'cancelled')
  })

  test('the static build moves by itself on any plain server, at its root and in a folder', async ({
    page,
    console,
  }, testInfo) => {
    testInfo.setTimeout(120_000)
    // After a reload the task of before is asked for at the lab, which began anew.
    console.allow(answered(404))
    const root = fileURLToPath(new URL('../..', import.meta.url))
    const folder = testInfo.outputPath('demo')
    const vite = join(root, 'node_modules/vite/bin/vite.js')
    await promisify(execFile)(
      process.execPath,
      [vite, 'build', '--mode', 'demo', '--logLevel', 'error', '--outDir', folder, '--emptyOutDir'],
      { cwd: root },
    )
    for (const base of ['/', '/weir/'])
      await test.step(`served at ${base}`, async () => {
        const server = await serveFolder(folder, base)
        try {
          await page.goto(server.url)
          await expect(page.getByRole('article').first()).toBeVisible({ timeout: 20_000 })
          await expectMoving(page, 6)
          const dialog = await fillNewTask(page, { type: 'PausableTask', id: 'mine-1' })
          await dialog.getByRole('button', { name: 'Start', exact: true }).click()
          await expectStatus(taskOf(page, 'mine-1'), 'running')
          await expectProgress(taskOf(page, 'mine-1'))
          await taskOf(page, 'mine-1').getByRole('link', { name: 'mine-1' }).click()
          await expect(page.getByRole('log', { name: 'Log' })).toBeVisible()
          // The demo's relay lives in the page: a reload begins anew, at the same address.
          await page.reload()
          await expect(page.getByRole('heading', { name: 'No such task' })).toBeVisible()
          // What it goes on to fetch is not to fail with the server.
          await page.goto('about:blank')
        } finally {
          server.close()
        }
      })
  })
})

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}

/** Files, and 404 for everything else. */
async function serveFolder(folder: string, base: string): Promise<{ url: string; close: () => void }> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://x').pathname
    const name = path.startsWith(base) ? path.slice(base.length) || 'index.html' : ''
    readFile(join(folder, name)).then(
      (body) => response.writeHead(200, { 'content-type': TYPES[extname(name)] ?? 'text/plain' }).end(body),
      () => response.writeHead(404).end('Not found'),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}${base}`,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
