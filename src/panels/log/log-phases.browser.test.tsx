import { expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { LogBuffer, type LogLineKind } from '#model/log-buffer.ts'
import { LogPanel } from './log-panel.tsx'
import { logPreferences } from './preferences.ts'

/** The log of a run in the document, that a test can write to. */
async function show(lines: readonly (readonly [LogLineKind, string])[]) {
  logPreferences.set({ wrap: false, times: true, utc: false })
  const buffer = new LogBuffer({ maxLines: 100_000, maxBytes: 1e8 })
  const listeners = new Set<() => void>()
  const write = (kind: LogLineKind, text: string) => {
    buffer.append(Date.now(), kind, text)
    for (const listener of listeners) listener()
  }
  for (const [kind, text] of lines) buffer.append(Date.now(), kind, text)
  await render(
    <div style={{ height: 500, width: 900 }}>
      <LogPanel
        log={{
          buffer,
          name: 'run-1',
          subscribe(listener) {
            listeners.add(listener)
            return () => listeners.delete(listener)
          },
        }}
      />
    </div>,
  )
  return { write }
}

function rows(part: '.log-body' | '.log-time'): string[] {
  return [...document.querySelectorAll<HTMLElement>('.log-row:not(.log-off)')]
    .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
    .map((row) => row.querySelector(part)?.textContent ?? '')
}

const button = (name: RegExp) => page.getByRole('button', { name })

it('tags the merged view, and shows one phase alone while it goes on', async () => {
  const { write } = await show([
    ['setup', 'pulling image'],
    ['serve', 'loading weights'],
    ['gap', '3 s not received'],
    ['out', 'step 1'],
  ])
  await expect.element(button(/^All 4$/)).toHaveAttribute('aria-pressed', 'true')
  await expect.element(button(/^Setup 1$/)).toBeVisible()
  await expect
    .poll(() => rows('.log-time').map((time) => time.slice(14).trim()))
    .toEqual(['setup', 'serve', '', 'task'])

  await button(/^Task/).click()
  await expect.poll(() => rows('.log-body')).toEqual(['3 s not received', 'step 1'])
  expect(rows('.log-time').map((time) => time.slice(14).trim())).toEqual(['', ''])
  write('setup', 'late')
  write('out', 'step 2')
  await expect.poll(() => rows('.log-body')).toEqual(['3 s not received', 'step 1', 'step 2'])

  await page.getByRole('searchbox', { name: 'Search log' }).fill('step 2')
  await expect.element(page.getByText('1 of 1')).toBeVisible()
  await button(/^Build/).click()
  await expect.poll(() => rows('.log-body')).toEqual(['3 s not received'])
  await expect.element(page.getByText('no hits')).toBeVisible()
  await expect.element(page.getByText('No lines in this phase.')).not.toBeInTheDocument()

  await button(/^All/).click()
  await expect.poll(() => rows('.log-body').length).toBe(6)
})

it('has no phases where there are none', async () => {
  await show([
    ['out', 'hello'],
    ['note', 'a word of Weir'],
  ])
  await expect.element(page.getByText('2 lines')).toBeVisible()
  await expect.element(page.getByRole('group', { name: 'Phase' })).not.toBeInTheDocument()
})
