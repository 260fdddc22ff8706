import { expect, type Locator, type Page } from '@playwright/test'
import type { RelayProcess } from './relay-process.ts'

/** A task on the Tasks screen, or the task's own page. */
export function taskOf(page: Page, id: string): Locator {
  return page.getByRole('article', { name: id, exact: true })
}

export async function expectStatus(
  task: Locator,
  status: string | RegExp,
  options?: { timeout: number },
): Promise<void> {
  await expect(task).toHaveAttribute('data-task-status', status, options)
}

/** Waits until the relay has seen tasks that others started, so that a page opened now shows them at once. */
export async function expectKnown(relay: RelayProcess, ...ids: string[]): Promise<void> {
  await expect
    .poll(async () => (await relay.tasks()).map((task) => task.id))
    .toEqual(expect.arrayContaining(ids))
}

/** Until then the relay answers 404 for a device of the lab. */
export async function expectDevices(relay: RelayProcess): Promise<void> {
  await expect
    .poll(async () => (await relay.api<{ devices: unknown[] }>('/devices')).devices.length)
    .toBeGreaterThan(0)
}

export async function progressOf(task: Locator): Promise<number> {
  return Number((await task.getByRole('progressbar').getAttribute('aria-valuenow')) ?? -1)
}

/** Waits until a task's progress is beyond what it is now. */
export async function expectProgress(task: Locator): Promise<void> {
  const before = await progressOf(task)
  await expect.poll(() => progressOf(task)).toBeGreaterThan(before)
}

export type Tab = 'output' | 'log' | 'plots' | 'timeline' | 'parameters' | 'raw'

/** Opens a task's page by its address. */
export async function openTask(
  page: Page,
  relay: RelayProcess,
  id: string,
  tab: Tab = 'log',
): Promise<Locator> {
  await page.goto(relay.at(`/tasks/lab/${encodeURIComponent(id)}?tab=${tab}`))
  const task = taskOf(page, id)
  await expect(task).toBeVisible()
  return task
}

export interface NewTask {
  type: string
  id?: string
  params?: Record<string, unknown>
  copies?: number
}

/** Fills "New task"; what is not given stays as it is. */
export async function fillNewTask(page: Page, task: NewTask): Promise<Locator> {
  await page.getByRole('button', { name: 'New task' }).click()
  const dialog = page.getByRole('dialog', { name: 'New task' })
  await dialog.getByRole('combobox', { name: 'Task type' }).fill(task.type)
  if (task.id !== undefined) await dialog.getByRole('textbox', { name: 'Task ID' }).fill(task.id)
  if (task.params) await dialog.getByRole('textbox', { name: 'Parameters' }).fill(JSON.stringify(task.params))
  if (task.copies) await dialog.getByLabel('Copies').fill(String(task.copies))
  return dialog
}

/** The command ledger of a task's page or of Sources, newest first. */
export function commandsOf(page: Page): Locator {
  return page.getByRole('list', { name: 'Commands' }).getByRole('listitem')
}

export function logOf(scope: Page | Locator): Locator {
  return scope.getByRole('log', { name: 'Log' })
}

/** The lines on screen from top to bottom, with their times; rows are recycled in any order. */
export function logLines(log: Locator): Promise<string[]> {
  return log.evaluate((element) =>
    [...element.querySelectorAll<HTMLElement>('.log-row')]
      .filter((row) => row.checkVisibility() && !row.classList.contains('log-off'))
      .map((row) => ({ y: row.getBoundingClientRect().top, text: row.innerText.replace(/\s+/g, ' ').trim() }))
      .sort((a, b) => a.y - b.y)
      .map(({ text }) => text),
  )
}

/** Every value an attribute has had on the page since its load, with the words beside it. */
export async function recordAttribute(page: Page, name: string): Promise<() => Promise<string[]>> {
  await page.addInitScript((attribute) => {
    const seen: string[] = []
    Object.assign(window, { recorded: seen })
    const note = (element: Element) => {
      const words = `${element.getAttribute(attribute)}: ${(element.textContent ?? '').trim()}`
      if (seen.at(-1) !== words) seen.push(words)
    }
    new MutationObserver(() => {
      for (const element of document.querySelectorAll(`[${attribute}]`)) note(element)
    }).observe(document, {
      subtree: true,
      childList: true,
      characterData: true,
      attributeFilter: [attribute],
    })
  }, name)
  return () => page.evaluate(() => (window as unknown as { recorded: string[] }).recorded)
}
