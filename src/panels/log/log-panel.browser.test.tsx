import { expect, it, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { LogBuffer, type LogLineKind } from '#model/log-buffer.ts'
import { LogPanel } from './log-panel.tsx'
import type { LogSource } from './log-source.ts'
import { logPreferences } from './preferences.ts'

const BOUNDS = { maxLines: 10_000_000, maxBytes: 1e9 }

/** A log in the document, 600 px high, that a test can write to. */
async function show(lines: number, extra: Partial<LogSource> = {}, buffer = new LogBuffer(BOUNDS)) {
  logPreferences.set({ wrap: false, times: true, utc: false })
  const listeners = new Set<() => void>()
  const write = (text: string, kind: LogLineKind = 'out') => {
    buffer.append(Date.now(), kind, text)
    for (const listener of listeners) listener()
  }
  for (let i = 0; i < lines; i++)
    buffer.append(Date.now(), 'out', `line ${i}${i % 100 === 99 ? ' ERROR' : ''}`)
  const source: LogSource = {
    buffer,
    name: 'sweep-1',
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    ...extra,
  }
  await render(
    <div style={{ height: 600, width: 900 }}>
      <LogPanel log={source} label="sweep-1" />
    </div>,
  )
  const log = page.getByRole('log', { name: 'Log' })
  await settled()
  return { buffer, write, log, element: log.element() as HTMLElement }
}

async function settled(): Promise<void> {
  for (let k = 0; k < 3; k++) await new Promise((resolve) => requestAnimationFrame(resolve))
}

/** Texts of the rows in the document, in the order seen. */
function rows(element: HTMLElement): string[] {
  return [...element.querySelectorAll<HTMLElement>('.log-row:not(.log-off)')]
    .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
    .map((row) => row.querySelector('.log-body')?.textContent ?? '')
}

/** Against hanging only: a busy machine draws late. */
const until = (check: () => void) => vi.waitFor(check, 20_000)

/** A promise that a test resolves. */
function held() {
  let resolve = () => {}
  const promise = new Promise<void>((done) => (resolve = done))
  return { promise, resolve: () => resolve() }
}

const last = (element: HTMLElement) => rows(element).at(-1)
const follow = () => page.getByRole('switch', { name: 'Follow' })

it('shows the tail, a few rows only, and how many lines there are', async () => {
  const { element, log } = await show(2_418)
  await expect.element(page.getByText('2,418 lines')).toBeVisible()
  await expect.element(log).toHaveAttribute('aria-live', 'off')
  expect(last(element)).toBe('line 2417')
  expect(rows(element).length).toBeLessThan(40)
  expect(element.scrollTop + element.clientHeight).toBeCloseTo(element.scrollHeight, -1)
})

it('says in words that there is nothing', async () => {
  await show(0)
  await expect.element(page.getByText('0 lines')).toBeVisible()
  await expect.element(page.getByText('No lines yet.', { exact: false })).toBeVisible()
})

it('follows, stops when scrolled up, counts new lines and resumes', async () => {
  const { element, write } = await show(1_000)
  write('newest')
  await until(() => expect(last(element)).toBe('newest'))
  element.scrollTop = 900
  await expect.element(follow()).not.toBeChecked()
  await until(() => expect(rows(element)[0]).toBe('line 50'))
  for (let k = 0; k < 128; k++) write(`new ${k}`)
  await page.getByRole('button', { name: '128 new lines' }).click()
  await expect.element(follow()).toBeChecked()
  await until(() => expect(last(element)).toBe('new 127'))
})

it('does not fight the wheel while lines pour in', async () => {
  const { element, write } = await show(1_000)
  const pouring = setInterval(() => write('pour'), 2)
  element.dispatchEvent(new WheelEvent('wheel', { deltaY: -30 }))
  element.scrollTop -= 30
  await settled()
  const seen = rows(element)[0]
  await new Promise((resolve) => setTimeout(resolve, 300))
  clearInterval(pouring)
  expect(rows(element)[0]).toBe(seen)
  await expect.element(follow()).not.toBeChecked()
})

it('moves by keys and resumes at the end', async () => {
  const { element } = await show(1_000)
  element.focus()
  await userEvent.keyboard('{Home}')
  await until(() => expect(rows(element)[0]).toBe('line 0'))
  await userEvent.keyboard('{PageDown}{ArrowDown}{ArrowUp}')
  await settled()
  expect(rows(element)[0]).not.toBe('line 0')
  await expect.element(follow()).not.toBeChecked()
  await userEvent.keyboard('{End}')
  await expect.element(follow()).toBeChecked()
  await until(() => expect(last(element)).toBe('line 999 ERROR'))
})

it('replaces a progress line in place', async () => {
  const { element, write } = await show(3)
  write('10 %')
  write('\r20 %')
  await until(() => expect(rows(element)).toEqual(['line 0', 'line 1', 'line 2', '20 %']))
})

it('searches, counts, walks through hits and clears', async () => {
  const { element } = await show(100_000)
  element.focus()
  await userEvent.keyboard('{Control>}f{/Control}')
  await expect.element(page.getByRole('searchbox', { name: 'Search log' })).toHaveFocus()
  await userEvent.keyboard('error')
  await expect.element(page.getByText('of 1,000')).toBeVisible()
  await userEvent.keyboard('{Enter}')
  await expect.element(page.getByText('1 of 1,000', { exact: true })).toBeVisible()
  await until(() => expect(element.querySelector('.log-current mark')?.textContent).toBe('ERROR'))
  expect(element.querySelector('.log-current .log-body')?.textContent).toBe('line 99 ERROR')
  await userEvent.keyboard('{Shift>}{Enter}{/Shift}')
  await expect.element(page.getByText('1,000 of 1,000')).toBeVisible()
  await userEvent.keyboard('{Escape}')
  await expect.element(page.getByRole('searchbox')).toHaveValue('')
  await expect.element(page.getByText('of 1,000')).not.toBeInTheDocument()
})

it('shows only matching lines, and one of them in context', async () => {
  const { element } = await show(5_000)
  await page.getByRole('searchbox').fill('error')
  await page.getByRole('button', { name: 'Only matching lines' }).click()
  await until(() => expect(last(element)).toBe('line 4999 ERROR'))
  expect(rows(element).every((text) => text.endsWith('ERROR'))).toBe(true)
  await page.getByText('line 4499 ERROR').click()
  await until(() => expect(rows(element)).toContain('line 4500'))
  expect(element.querySelector('.log-current .log-body')?.textContent).toBe('line 4499 ERROR')
})

it('says when a regular expression is none', async () => {
  await show(10)
  await page.getByRole('button', { name: 'Regular expression' }).click()
  await page.getByRole('searchbox').fill('(')
  await expect.element(page.getByText('Not a regular expression', { exact: false })).toBeVisible()
})

it('copies the lines chosen by number, whether in the document or not', async () => {
  const writeText = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue()
  const { element } = await show(1_000)
  element.focus()
  await userEvent.keyboard('{Home}')
  await until(() => expect(rows(element)[0]).toBe('line 0'))
  await userEvent.keyboard('{Shift>}' + '{ArrowDown}'.repeat(60) + '{/Shift}')
  await expect.element(page.getByText('60 selected', { exact: false })).toBeVisible()
  await userEvent.keyboard('{Control>}c{/Control}')
  await expect.element(page.getByText('Copied 60 lines')).toBeVisible()
  const text = writeText.mock.calls[0]?.[0] ?? ''
  expect(text.split('\n')).toHaveLength(60)
  expect(text.endsWith('line 59')).toBe(true)

  await userEvent.keyboard('{Escape}')
  await page.getByRole('button', { name: 'Copy' }).click()
  await expect.element(page.getByText('Copied 1,000 lines')).toBeVisible()
})

it('selects by dragging over the times', async () => {
  const { element } = await show(20)
  const box = element.getBoundingClientRect()
  const at = (row: number) => ({
    clientX: box.left + 30,
    clientY: box.top + row * 18 + 5,
    bubbles: true,
    pointerId: 1,
  })
  const target = (row: number) => document.elementFromPoint(at(row).clientX, at(row).clientY)
  vi.spyOn(Element.prototype, 'setPointerCapture').mockReturnValue()
  target(2)?.dispatchEvent(new PointerEvent('pointerdown', at(2)))
  target(5)?.dispatchEvent(new PointerEvent('pointermove', at(5)))
  target(5)?.dispatchEvent(new PointerEvent('pointerup', at(5)))
  await expect.element(page.getByText('4 selected', { exact: false })).toBeVisible()
  await until(() => expect(element.querySelectorAll('.log-selected')).toHaveLength(4))
})

it('colours text without making markup of it', async () => {
  const { element, write } = await show(0)
  write('\x1b[31m<b>bold?</b>\x1b[0m')
  await until(() => expect(element.querySelector('.ansi-red-fg')?.textContent).toBe('<b>bold?</b>'))
  expect(element.querySelector('b')).toBeNull()
})

it('wraps into rows of one height', async () => {
  const { element, write } = await show(0)
  write(`${'x'.repeat(300)}END`)
  write('next')
  await page.getByRole('button', { name: 'Wrap lines' }).click()
  await until(() => expect(rows(element).length).toBeGreaterThan(3))
  expect(rows(element).slice(0, -1).join('')).toBe(`${'x'.repeat(300)}END`)
  expect(element.scrollWidth).toBe(element.clientWidth)
})

it('names the zone of its times and switches to UTC', async () => {
  const { element } = await show(1)
  const time = () => element.querySelector('.log-time')?.textContent?.trim()
  expect(time()).toMatch(/^\d\d:\d\d:\d\d\.\d{3}$/)
  await page.getByRole('button', { name: 'switch to UTC', exact: false }).click()
  await expect.element(page.getByRole('button', { name: 'Times in UTC; switch to local time' })).toBeVisible()
  await page.getByRole('button', { name: 'Show times' }).click()
  await until(() => expect(time()).toBe(''))
})

it('loads what is on screen when it is not there yet', async () => {
  const buffer = new LogBuffer(BOUNDS)
  buffer.reset(50_000, 0)
  const texts = (from: number, to: number) => Array.from({ length: to - from }, (_, k) => `line ${from + k}`)
  buffer.fill(49_500, [], [], texts(49_500, 50_000))
  const answered = held()
  const loadRange = vi.fn(async (from: number, to: number) => {
    await answered.promise
    buffer.fill(from, [], [], texts(from, to))
  })
  const { element } = await show(0, { loadRange }, buffer)
  await expect.element(page.getByText('50,000 lines')).toBeVisible()
  expect(loadRange).not.toHaveBeenCalled()
  element.scrollTop = 20_000 * 18
  await until(() => expect(rows(element)[0]).toBe('loading…'))
  answered.resolve()
  await until(() => expect(rows(element)[0]).toBe('line 20000'))
  expect(loadRange).toHaveBeenCalledExactlyOnceWith(20_000, 21_000)
  await page.getByRole('searchbox').fill('line 77')
  await expect.element(page.getByText('of 111', { exact: false })).toBeVisible()
})

it('says that lines could not be loaded, and tries again', async () => {
  const buffer = new LogBuffer(BOUNDS)
  buffer.reset(500, 0)
  const again = held()
  const loadRange = vi
    .fn<(from: number, to: number) => Promise<void>>()
    .mockRejectedValueOnce(new Error('HTTP 503'))
    .mockImplementation(async () => {
      await again.promise
      buffer.fill(0, [], [], Array<string>(500).fill('here'))
    })
  const { element } = await show(0, { loadRange }, buffer)
  await expect.element(page.getByText('Lines could not be loaded: HTTP 503')).toBeVisible()
  await until(() => expect(rows(element)[0]).toBe('not loaded'))
  again.resolve()
  await until(() => expect(rows(element)[0]).toBe('here'))
  await expect.element(page.getByText('HTTP 503', { exact: false })).not.toBeInTheDocument()
})

it('scrolls through more rows than a browser can lay out', async () => {
  const buffer = new LogBuffer(BOUNDS)
  buffer.reset(5_000_000, 0)
  buffer.fill(
    4_999_000,
    [],
    [],
    Array.from({ length: 1_000 }, (_, k) => `line ${4_999_000 + k}`),
  )
  buffer.fill(
    0,
    [],
    [],
    Array.from({ length: 1_000 }, (_, k) => `line ${k}`),
  )
  const { element } = await show(0, {}, buffer)
  expect(last(element)).toBe('line 4999999')
  element.scrollTop -= 180
  await until(() => expect(last(element)).toBe('line 4999989'))
  element.scrollTop = 0
  await until(() => expect(rows(element)[0]).toBe('line 0'))
  element.scrollTop = 180
  await until(() => expect(rows(element)[0]).toBe('line 10'))
  element.scrollTop = element.scrollHeight
  await until(() => expect(last(element)).toBe('line 4999999'))
  await expect.element(follow()).toBeChecked()
})
