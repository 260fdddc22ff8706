import type { Locator, Page } from '@playwright/test'
import { expect, test } from '../fixtures.ts'
import { expectKnown, logLines, logOf } from '../helpers/screens.ts'

function panel(page: Page, name: string): Locator {
  return page.getByRole('region', { name, exact: true })
}

/** Names of the panels in reading order. */
function panels(page: Page): Promise<(string | null)[]> {
  return page
    .locator('[data-panel]')
    .evaluateAll((all) => all.filter((each) => each.checkVisibility()).map((each) => each.ariaLabel))
}

async function addPanel(page: Page, kind: 'Log' | 'Progress' | 'Output', id: string): Promise<void> {
  await page.getByRole('button', { name: 'Add panel' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add panel' })
  await dialog.getByRole('radio', { name: kind }).click()
  await dialog.getByRole('button', { name: id, exact: true }).click()
  await expect(dialog).toBeHidden()
  await expect(panel(page, `${kind} of ${id}`)).toBeVisible()
}

test('panels of any tasks: added, moved, resized, maximized, closed, and kept by the address and the browser', async ({
  page,
  relay,
  lab,
}) => {
  await lab.start('run-1', 'PausableTask', { steps: 600, delay: 0.1 })
  await lab.start('run-2', 'LongRunningTask', { enable_streaming: true, steps: 600, delay: 0.1 })
  await expectKnown(relay, 'run-1', 'run-2')
  await page.goto(relay.at('/wall'))
  await expect(page.getByText('An empty wall')).toBeVisible()
  await addPanel(page, 'Log', 'run-1')
  await addPanel(page, 'Log', 'run-2')
  await addPanel(page, 'Progress', 'run-1')
  const all = ['Log of run-1', 'Log of run-2', 'Progress of run-1']
  await expect.poll(() => panels(page)).toEqual(all)
  for (const [name, words] of [
    ['Log of run-1', /first: step/],
    ['Log of run-2', /Processing step/],
  ] as const)
    await expect.poll(() => logLines(logOf(panel(page, name)))).toContainEqual(expect.stringMatching(words))
  await expect(panel(page, 'Progress of run-1').getByRole('progressbar')).toHaveAttribute(
    'aria-valuenow',
    /\d/,
  )

  // Moved by the keyboard, then by the pointer.
  await panel(page, 'Log of run-2').getByRole('button', { name: 'Move earlier' }).focus()
  await page.keyboard.press('Enter')
  await expect.poll(() => panels(page)).toEqual(['Log of run-2', 'Log of run-1', 'Progress of run-1'])
  const from = await panel(page, 'Log of run-1').locator('header').boundingBox()
  const to = await panel(page, 'Log of run-2').boundingBox()
  if (!from || !to) throw new Error('a panel has no place')
  await page.mouse.move(from.x + from.width / 2, from.y + 10)
  await page.mouse.down()
  await page.mouse.move(to.x + 60, to.y + 60, { steps: 8 })
  await page.mouse.move(to.x + 30, to.y + 60, { steps: 3 })
  await page.mouse.up()
  await expect.poll(() => panels(page)).toEqual(all)

  // Resized by the keyboard, then by the pointer.
  const width = page.getByRole('separator', { name: 'Width of Log of run-1' })
  const before = Number(await width.getAttribute('aria-valuenow'))
  await width.focus()
  await page.keyboard.press('ArrowLeft')
  await expect(width).toHaveAttribute('aria-valuenow', String(before - 1))
  const height = page.getByRole('separator', { name: 'Height of Log of run-1' })
  const rows = Number(await height.getAttribute('aria-valuenow'))
  const edge = await height.boundingBox()
  if (!edge) throw new Error('the edge has no place')
  await page.mouse.move(edge.x + edge.width / 2, edge.y + edge.height / 2)
  await page.mouse.down()
  await page.mouse.move(edge.x + edge.width / 2, edge.y + edge.height / 2 + 130, { steps: 6 })
  await page.mouse.up()
  await expect.poll(async () => Number(await height.getAttribute('aria-valuenow'))).toBeGreaterThan(rows)
  const size = await height.getAttribute('aria-valuenow')

  // The address alone is enough.
  const address = page.url()
  await page.reload()
  await expect.poll(() => panels(page)).toEqual(all)
  await expect(height).toHaveAttribute('aria-valuenow', size ?? '')
  await expect(width).toHaveAttribute('aria-valuenow', String(before - 1))

  await panel(page, 'Log of run-2').getByRole('button', { name: 'Maximize' }).click()
  await expect.poll(() => panels(page)).toEqual(['Log of run-2'])
  const wide = await panel(page, 'Log of run-2').boundingBox()
  expect(wide?.width).toBeGreaterThan(900)
  await page.keyboard.press('Escape')
  await expect.poll(() => panels(page)).toEqual(all)

  await panel(page, 'Log of run-2').getByRole('button', { name: 'Close panel' }).click()
  await expect.poll(() => panels(page)).toEqual(['Log of run-1', 'Progress of run-1'])
  await page.goto(relay.at('/'))
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Wall' }).click()
  await expect.poll(() => panels(page)).toEqual(['Log of run-1', 'Progress of run-1'])
  await page.goto(address)
  await expect.poll(() => panels(page)).toEqual(all)
})

test('another browser that is sent the address sees the same wall', async ({ page, relay, lab, another }) => {
  await lab.start('run-1', 'PausableTask', { steps: 600, delay: 0.1 })
  await expectKnown(relay, 'run-1')
  await page.goto(relay.at('/wall'))
  await addPanel(page, 'Log', 'run-1')
  await addPanel(page, 'Progress', 'run-1')
  await expect(page).toHaveURL(/panels=/)
  const other = await another()
  await other.goto(page.url())
  await expect.poll(() => panels(other)).toEqual(['Log of run-1', 'Progress of run-1'])
  await other.goto(relay.at('/wall?panels=nonsense,log:lab/run-1:6x8,bad:x/y'))
  await expect.poll(() => panels(other)).toEqual(['Log of run-1'])
  await expect(other.getByText(/2 parts of the address could not be read/)).toBeVisible()
})
