import { expect, it } from 'vitest'
import { LogBuffer } from '#model/log-buffer.ts'
import { ClockText } from './clock-text.ts'
import { copyLines, copyText, logFile, printedText } from './export-lines.ts'

function log(): LogBuffer {
  const buffer = new LogBuffer({ maxLines: 1e6, maxBytes: 1e9 })
  buffer.append(Date.UTC(2026, 10, 20, 13, 52, 58, 101), 'out', '\x1b[32mok\x1b[0m')
  buffer.append(Date.UTC(2026, 10, 20, 13, 53, 1), 'gap', 'steps 2 to 4 not received')
  return buffer
}

it('copies text without escape sequences', async () => {
  expect(await copyText(log(), 0, 2)).toBe('ok\n# [weir gap] steps 2 to 4 not received')
  expect(copyLines(log(), [1])).toBe('# [weir gap] steps 2 to 4 not received')
})

it('copies many lines in slices', async () => {
  const buffer = new LogBuffer({ maxLines: 1e6, maxBytes: 1e9 })
  for (let i = 0; i < 10_000; i++) buffer.append(0, 'out', `line ${i}`)
  expect((await copyText(buffer, 5, 9_000)).split('\n')).toHaveLength(8_995)
})

it('makes a file with UTC times that keeps every byte and marks what Weir says', async () => {
  expect(await (await logFile(log(), 0, 2)).text()).toBe(
    '2026-11-20T13:52:58.101Z \x1b[32mok\x1b[0m\n2026-11-20T13:53:01.000Z # [weir gap] steps 2 to 4 not received\n',
  )
})

it('puts the time before each line on paper, where times are shown', () => {
  const utc = new ClockText(true)
  expect(printedText(log(), 0, 2, utc)).toBe(
    '13:52:58.101  ok\n13:53:01.000  # [weir gap] steps 2 to 4 not received',
  )
  expect(printedText(log(), 0, 2, null)).toBe('ok\n# [weir gap] steps 2 to 4 not received')
})
