import type { Page } from '@playwright/test'
import { expect, test } from '../fixtures.ts'
import { RELAY_AWAY } from '../helpers/console-watch.ts'
import { expectKnown, expectProgress, expectStatus, progressOf, taskOf } from '../helpers/screens.ts'

const TABS = 20

/** Says of a page that it is hidden or shown, as the browser does when another tab comes in front. */
async function setShown(page: Page, shown: boolean): Promise<void> {
  await page.evaluate((is) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => !is })
    Object.defineProperty(document, 'visibilityState', {
      configurable: true,
      get: () => (is ? 'visible' : 'hidden'),
    })
    document.dispatchEvent(new Event('visibilitychange'))
  }, shown)
}

const stateOf = (page: Page) => page.getByRole('status', { name: 'Connection' })

test('twenty tabs of one browser are live over one connection, also when some close, hide, and the relay restarts', async ({
  context,
  relay,
  lab,
  console,
}) => {
  test.setTimeout(180_000)
  console.allow(RELAY_AWAY)
  await lab.start('run-1', 'PausableTask', { steps: 5_000, delay: 0.1 })
  await expectKnown(relay, 'run-1')
  const open = async () => {
    const page = await context.newPage()
    await page.goto(relay.at('/'))
    await expect(stateOf(page)).toHaveAttribute('data-relay-state', 'open')
    await expectProgress(taskOf(page, 'run-1'))
    return page
  }
  const pages: Page[] = []
  // As in a browser: the one in front is shown, the others are behind it.
  while (pages.length < TABS - 1) {
    const more = await Promise.all(Array.from({ length: Math.min(4, TABS - 1 - pages.length) }, open))
    await Promise.all(more.map((page) => setShown(page, false)))
    pages.push(...more)
  }
  pages.push(await open())
  const last = pages.at(-1)!
  // No page holds a connection of its own: requests have all six.
  for (const page of pages)
    expect(
      await page.evaluate(
        () =>
          performance.getEntriesByType('resource').filter(({ name }) => name.includes('/api/stream')).length,
      ),
    ).toBe(0)

  await lab.start('run-2', 'PausableTask', { steps: 5_000, delay: 0.1 })
  await expectKnown(relay, 'run-2')
  const second = taskOf(last, 'run-2')
  // What others start waits until it is asked for, so that nothing moves under the pointer.
  await last.getByRole('button', { name: 'Show 1 new' }).click()
  await expectProgress(second)
  await second.getByRole('button', { name: 'Cancel' }).click()
  await expectStatus(second, 'cancelled')

  for (const page of pages.splice(0, 5)) await page.close()
  const first = pages[0]!
  await setShown(last, false)
  await setShown(first, true)
  await first.getByRole('button', { name: 'Show 1 new' }).click()
  await expectStatus(taskOf(first, 'run-2'), 'cancelled')
  const before = await progressOf(taskOf(first, 'run-1'))
  await expect.poll(() => progressOf(taskOf(first, 'run-1'))).toBeGreaterThan(before)

  await relay.stop('SIGKILL')
  // A killed relay cannot take its leave.
  await expect.poll(() => lab.violations.length).toBeGreaterThan(0)
  lab.pardon()
  await Promise.all(
    pages.map((page) => expect(stateOf(page)).toHaveAttribute('data-relay-state', /reconnecting|lost/)),
  )
  await relay.start()
  await Promise.all(
    pages.map((page) =>
      expect(stateOf(page)).toHaveAttribute('data-relay-state', 'open', { timeout: 30_000 }),
    ),
  )
  await expectProgress(taskOf(first, 'run-1'))
})
