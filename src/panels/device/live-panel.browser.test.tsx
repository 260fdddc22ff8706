import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { packNumbers } from '#lib/pack.ts'
import { UNTOUCHED, type Device } from '#model/device.ts'
import { EMPTY_RECORD, type Channel, type DeviceEvent, type Readings } from '#model/device-events.ts'
import { NO_STREAM } from '#model/stream-state.ts'
import { WeirClient } from '#protocols/weir/client.ts'
import { TopicStore } from '#streams/topic-store.ts'
import { DEVICE_VIEW } from '#topics/device-view.ts'
import { StreamsProvider } from '#streams/react.tsx'
import { Streams } from '#streams/streams.ts'
import { WeirProvider } from '#streams/weir-client.tsx'
import { FakeEventSource } from '#testing/fake-event-source.ts'
import { DeviceSparkline } from './device-sparkline.tsx'
import { LivePanel } from './live-panel.tsx'
import { subjectOfDevice } from './live-subject.ts'

beforeEach(() => {
  localStorage.clear()
  vi.stubGlobal('EventSource', FakeEventSource)
})
afterEach(() => {
  vi.unstubAllGlobals()
})

const PIXEL =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

let devices = 0

/** A device of its own per test: what a person chose is kept by its name. */
function device(part: Partial<Device> = {}): Device {
  return {
    ...UNTOUCHED,
    source: 'lab',
    id: `daq${++devices}`,
    type: 'MultiChannelDaq',
    connected: true,
    streaming: true,
    ownedBy: null,
    lastError: null,
    streamOf: null,
    onServer: true,
    stream: { name: 'open', reason: '', since: 0, retryAt: null },
    rate: 10,
    ...part,
  }
}

function channel(name: string, kind: Channel['kind'], part: Partial<Channel> = {}): Channel {
  return { name, kind, role: 'value', unit: null, length: 1, firstAt: Date.now(), ...part }
}

function readings(part: Partial<Readings>): Readings {
  return { k: 'readings', at: Date.now(), messages: 1, size: 100, ...part }
}

/** Samples of a channel that end now, `step` ms apart. */
function series(c: string, values: readonly number[], step = 100) {
  const now = Date.now()
  return {
    c,
    t: packNumbers(values.map((_, i) => now - (values.length - 1 - i) * step)),
    v: packNumbers(values),
  }
}

/** Who tells the page. */
const FROM = { epoch: 'e', boot: '1', at: 0 }

async function show(of: Device = device(), width = 900, compact = false) {
  const store = new TopicStore(DEVICE_VIEW)
  store.snapshot({ record: EMPTY_RECORD, recent: null }, FROM)
  store.commit()
  const streams = new Streams({ version: 'test' })
  const queries = new QueryClient()
  const client = new WeirClient('')
  const all = (each: Device) => (
    <QueryClientProvider client={queries}>
      <StreamsProvider streams={streams}>
        <WeirProvider client={client}>
          <div style={{ width }} className="bg-panel">
            <LivePanel device={subjectOfDevice(each)} store={store} compact={compact} />
          </div>
        </WeirProvider>
      </StreamsProvider>
    </QueryClientProvider>
  )
  const screen = await render(all(of))
  return {
    store,
    push: (...events: DeviceEvent[]) => {
      store.push(events)
      store.commit()
    },
    again: (next: Device) => screen.rerender(all(next)),
  }
}

const row = (name: string) => page.getByRole('row', { name: new RegExp(`^${name} `) })
const plot = (name: string) => page.getByRole('img', { name: `Plot of ${name}` })

/** Frames until plots that were asked to draw have drawn. */
async function drawn(): Promise<void> {
  for (let k = 0; k < 6; k++) await new Promise((resolve) => requestAnimationFrame(resolve))
}

/** How many pixels of a plot are of a channel's colour. */
function inkOf(stage: Element, index: number): number {
  const canvas = stage.querySelector('canvas')!
  const style = getComputedStyle(document.documentElement)
    .getPropertyValue(`--plot-${index + 1}`)
    .trim()
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(style.slice(at, at + 2), 16))
  const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
  let count = 0
  for (let i = 0; i < data.length; i += 4)
    if (data[i + 3]! > 120 && near(data[i]!, r!) && near(data[i + 1]!, g!) && near(data[i + 2]!, b!))
      count += 1
  return count
}

const near = (a: number, b: number) => Math.abs(a - b) < 24

const TEMPERATURES = [
  channel('temperature_c', 'number', { unit: '°C' }),
  channel('setpoint', 'number', { unit: '°C' }),
]
const TITLE = 'temperature_c, setpoint'

/** Two temperatures over the last ten seconds. */
function temperatures(): Readings {
  const values = Array.from({ length: 100 }, (_, i) => 20 + Math.sin(i / 9))
  return readings({
    channels: TEMPERATURES,
    series: [
      series('temperature_c', values),
      series(
        'setpoint',
        values.map(() => 20.5),
      ),
    ],
  })
}

it('says that nothing came yet, and draws what comes', async () => {
  const { push } = await show()
  await expect.element(page.getByText('Connected, nothing received yet')).toBeVisible()
  push(temperatures(), readings({ series: [series('temperature_c', [22.5])] }))
  await expect.element(plot(TITLE)).toBeVisible()
  await expect.element(row('temperature_c')).toHaveTextContent('22.500 °C')
  await expect.element(row('setpoint')).toHaveTextContent('20.500 °C')
  await vi.waitFor(() => {
    expect(inkOf(plot(TITLE).element(), 0)).toBeGreaterThan(20)
    expect(inkOf(plot(TITLE).element(), 1)).toBeGreaterThan(20)
  })
})

it('says what is missing where there is no stream, or no such device', async () => {
  const { store, again } = await show(device({ stream: NO_STREAM }))
  await expect.element(page.getByText('Looking does not start one', { exact: false })).toBeVisible()
  store.snapshot(null, FROM)
  store.commit()
  await again(device())
  await expect.element(page.getByText('Weir knows no such device')).toBeVisible()
})

it('hides a channel that is unticked, and remembers it', async () => {
  const of = device()
  const { push } = await show(of)
  push(temperatures())
  await page.getByRole('checkbox', { name: 'Show setpoint' }).click()
  await vi.waitFor(() => expect(inkOf(plot(TITLE).element(), 1)).toBe(0))
  expect(inkOf(plot(TITLE).element(), 0)).toBeGreaterThan(20)
  expect(localStorage.getItem(`weir:live:lab/${of.id}`)).toContain('"number setpoint":false')
})

it('keeps counters and clocks out of sight until asked for', async () => {
  const { push } = await show()
  push(
    readings({
      channels: [
        channel('power_mw', 'number', { unit: 'mW' }),
        channel('seq', 'number', { role: 'counter' }),
      ],
      series: [series('power_mw', [1, 2, 3]), series('seq', [7, 8, 9])],
    }),
  )
  await expect.element(plot('power_mw')).toBeVisible()
  await expect.element(plot('Counters and clocks')).not.toBeInTheDocument()
  await expect.element(row('seq')).toHaveTextContent('9')
  await page.getByRole('checkbox', { name: 'Show seq' }).click()
  await expect.element(plot('Counters and clocks')).toBeVisible()
})

it('draws arrays by index, or goes on with them in time', async () => {
  const { push } = await show()
  const wave = Array.from({ length: 512 }, (_, i) => Math.sin(i / 20))
  push(
    readings({
      channels: [channel('trace', 'array', { length: 512 })],
      series: [series('trace', wave, 1)],
      frames: [{ c: 'trace', n: 512, v: packNumbers(wave) }],
    }),
  )
  const waveform = page.getByRole('img', { name: 'Waveform of trace' })
  await expect.element(waveform).toBeVisible()
  await vi.waitFor(() => expect(inkOf(waveform.element(), 0)).toBeGreaterThan(100))
  await page.getByRole('radio', { name: 'Append' }).click()
  await expect.element(plot('trace')).toBeVisible()
  await expect.element(waveform).not.toBeInTheDocument()
})

it('goes on with arrays by itself where the device tells its rate', async () => {
  const { push } = await show()
  push(
    readings({
      channels: [
        channel('channels.ai0', 'array', { length: 100 }),
        channel('channels.ai1', 'array', { length: 100 }),
        channel('sample_rate_hz', 'number', { role: 'rate', unit: 'Hz' }),
      ],
      series: [
        series('channels.ai0', [1, 2]),
        series('channels.ai1', [1, 2]),
        series('sample_rate_hz', [1_000]),
      ],
    }),
  )
  await expect.element(plot('channels.ai0 to ai1')).toBeVisible()
  await expect.element(page.getByRole('radio', { name: 'Append' })).toBeChecked()
})

it('draws states as strips with words, pictures with their time, and the message as a tree', async () => {
  const { push } = await show()
  const now = Date.now()
  push(
    readings({
      channels: [channel('mode', 'state'), channel('locked', 'state'), channel('camera', 'image')],
      states: [
        { c: 'mode', t: [now - 20_000, now - 5_000], v: ['idle', 'scan'] },
        { c: 'locked', t: [now - 20_000], v: [true] },
      ],
      images: [{ c: 'camera', url: PIXEL }],
      latest: { json: '{"mode": "scan", "note": "<b>bold</b>"}', size: 40 },
    }),
  )
  const item = page.getByRole('listitem').filter({ hasText: 'mode' })
  // Below the picture, which comes first.
  const picture = page.getByRole('img', { name: 'camera, newest' })
  await expect.element(picture).toBeVisible()
  expect(picture.element().compareDocumentPosition(item.element())).toBe(Node.DOCUMENT_POSITION_FOLLOWING)
  item.element().scrollIntoView()
  await expect.element(item).toHaveTextContent('scan')
  await expect.element(page.getByRole('img', { name: 'States of mode over time' })).toBeVisible()
  push({ k: 'gap', at: now, cause: 'disconnected', text: 'the stream was cut', missed: null })
  await expect.element(item).toHaveTextContent('not known')
  await page.getByText('Newest message').click()
  await expect.element(page.getByRole('tree')).toBeVisible()
  // Text, not markup.
  await expect.element(page.getByText('<b>bold</b>', { exact: false })).toBeVisible()
})

it('shows a message that has nothing to draw as a tree at once', async () => {
  const { push } = await show()
  push(readings({ latest: { json: '{"items": [{"id": "x", "ok": null}]}', size: 30 } }))
  await expect.element(page.getByRole('tree')).toBeVisible()
})

it('bears channels that come, go and change their kind', async () => {
  const { push } = await show()
  push(temperatures())
  await expect.element(plot(TITLE)).toBeVisible()
  const place = plot(TITLE).element().getBoundingClientRect()
  push(
    readings({
      channels: [
        channel('temperature_c', 'state'),
        channel('pressure_mbar', 'number', { unit: 'mbar' }),
        channel('temperature_c', 'array', { length: 3, unit: '°C' }),
      ],
      series: [series('pressure_mbar', [1_013]), series('temperature_c', [Number.NaN])],
      states: [{ c: 'temperature_c', t: [Date.now()], v: ['out of range'] }],
      frames: [{ c: 'temperature_c', n: 3, v: packNumbers([1, 2, 3]) }],
    }),
  )
  await expect.element(plot('pressure_mbar')).toBeVisible()
  await expect.element(page.getByRole('img', { name: 'Waveform of temperature_c' })).toBeVisible()
  await expect.element(page.getByRole('img', { name: 'States of temperature_c over time' })).toBeVisible()
  const after = plot(TITLE).element().getBoundingClientRect()
  expect([after.top, after.left, after.height]).toEqual([place.top, place.left, place.height])
})

it('draws what is no number as a break, and says it', async () => {
  const { push } = await show()
  const values = Array.from({ length: 101 }, (_, i) =>
    i === 30 ? Infinity : i === 60 ? -Infinity : i >= 40 && i < 50 ? Number.NaN : i,
  )
  push(readings({ channels: [channel('level', 'number')], series: [series('level', values)] }))
  await expect.element(plot('level')).toBeVisible()
  await vi.waitFor(() => expect(inkOf(plot('level').element(), 0)).toBeGreaterThan(20))
  // The axis is that of the finite ones.
  await expect.element(row('level')).toHaveTextContent('100')
  push(readings({ series: [series('level', [Number.NaN])] }))
  await expect.element(row('level')).toHaveTextContent('NaN')
})

it.each<[string, number[], string[]]>([
  ['two neighbours', [1, 1.0000000000000002], ['1', '1.0000000000000002']],
  [
    'a hydrogen line',
    [1420405751.748, 1420405751.768, 1420405751.788],
    ['1420405751.7480', '1420405751.7880'],
  ],
  ['a pressure', [101_325, 101_325.005], ['101325', '101325.00500']],
  ['little below zero', [-4.5e-11, -4.4e-11], ['−4.5000e−11', '−4.4000e−11']],
  ['the farthest', [-1e308, 1e308], ['−1.00e308', '1.00e308']],
  ['the smallest', [0, 5e-324], ['0', '4.94e−324']],
])('writes what differs so that it does: %s', async (_, values, bounds) => {
  const written = vi.spyOn(CanvasRenderingContext2D.prototype, 'fillText')
  const { push } = await show(device(), 1_200)
  push(readings({ channels: [channel('x', 'number')], series: [series('x', values)] }))
  await expect.element(plot('x')).toBeVisible()
  await drawn()
  await expect.element(row('x').getByText(bounds[0]!, { exact: true }).first()).toBeVisible()
  await expect.element(row('x').getByText(bounds[1]!, { exact: true }).first()).toBeVisible()
  await drawn()
  // The last drawing: labels of the y axis stand right-aligned at its left.
  const calls = written.mock.calls.map(([text, x], i) => {
    const context = written.mock.contexts[i] as CanvasRenderingContext2D
    return { text, left: x - context.measureText(text).width, axis: /^[−\d.e]+$/.test(text) }
  })
  const labels = new Set(calls.filter(({ axis }) => axis).map(({ text }) => text))
  expect(labels.size).toBeGreaterThan(1)
  for (const { left, axis } of calls.slice(-12)) if (axis) expect(left).toBeGreaterThanOrEqual(0)
  const cells = [...row('x').element().querySelectorAll<HTMLElement>('td')]
  for (const cell of cells) expect(cell.scrollWidth).toBeLessThanOrEqual(cell.clientWidth)
  written.mockRestore()
})

it('lists gaps with their cause, leads to them, and names them under the cursor', async () => {
  const { push } = await show()
  const now = Date.now()
  const at = (from: number, to: number) => {
    const t = Array.from({ length: (to - from) / 100 }, (_, i) => now - 60_000 + from + i * 100)
    return { c: 'x', t: packNumbers(t), v: packNumbers(t.map((_, i) => i)) }
  }
  push(
    readings({ channels: [channel('x', 'number')], series: [at(0, 20_000)], at: now - 40_000 }),
    {
      k: 'gap',
      at: now - 30_000,
      cause: 'disconnected',
      text: 'about 100 messages not received',
      missed: 100,
    },
    readings({ series: [at(30_000, 59_900)] }),
  )
  await page.getByText('1 gap').click()
  const list = page.getByRole('list', { name: 'Gaps' })
  await expect.element(list).toHaveTextContent('about 100 messages not received · the stream was cut')
  await list.getByRole('button').click()
  await expect.element(page.getByRole('button', { name: 'Live' })).toBeVisible()
  const stage = plot('x').element() as HTMLElement
  stage.focus()
  // From the left end into the gap, which the view has in its middle.
  for (let k = 0; k < 45; k++) await userEvent.keyboard('{Shift>}{ArrowRight}{/Shift}')
  await expect.element(page.getByText(/gap of .*: about 100 messages not received/).first()).toBeVisible()
})

it('stands still while paused, counts what waits, and goes live again', async () => {
  const { push } = await show()
  push(temperatures())
  await page.getByRole('button', { name: 'Pause' }).click()
  await expect.element(page.getByText('paused', { exact: true })).toBeVisible()
  for (let k = 0; k < 3; k++) push(readings({ series: [series('temperature_c', [30 + k])] }))
  await expect.element(page.getByText('paused, 3 messages wait')).toBeVisible()
  await expect.element(row('temperature_c')).toHaveTextContent('32')
  await page.getByRole('button', { name: 'Live' }).click()
  await expect.element(page.getByRole('button', { name: 'Pause' })).toBeVisible()
  await expect.element(page.getByText('messages wait', { exact: false })).not.toBeInTheDocument()
})

it('is steered by keys: zoom, move, cursor, home', async () => {
  const { push } = await show()
  push(temperatures())
  await expect.element(plot(TITLE)).toBeVisible()
  const stage = plot(TITLE).element() as HTMLElement
  await drawn()
  stage.focus()
  await userEvent.keyboard('+')
  await expect.element(page.getByRole('combobox', { name: 'Window' })).toHaveValue('48000')
  await userEvent.keyboard('{ArrowLeft}')
  await expect.element(page.getByRole('button', { name: 'Live' })).toBeVisible()
  await userEvent.keyboard('{Shift>}{ArrowLeft}{/Shift}')
  await expect
    .element(page.getByRole('table', { name: `Channels of ${TITLE}` }))
    .toHaveTextContent(/\d\d:\d\d:\d\d\.\d{3}/)
  await userEvent.keyboard('{Escape}{Home}')
  await expect.element(page.getByRole('button', { name: 'Pause' })).toBeVisible()
  await expect.element(page.getByRole('combobox', { name: 'Window' })).toHaveValue('60000')
  // For those who do not see it.
  await expect.element(plot(TITLE)).toHaveAccessibleDescription(/temperature_c .* °C, setpoint 20.500 °C\./)
})

it('is steered by the pointer: cursor, wheel, drag, double click', async () => {
  const { push } = await show()
  push(temperatures())
  await expect.element(plot(TITLE)).toBeVisible()
  await drawn()
  const stage = plot(TITLE).element() as HTMLElement
  await userEvent.hover(stage, { position: { x: 300, y: 60 } })
  await userEvent.hover(stage, { position: { x: 420, y: 60 } })
  await expect
    .element(page.getByRole('table', { name: `Channels of ${TITLE}` }))
    .toHaveTextContent(/\d\d:\d\d:\d\d\.\d{3}/)
  const box = stage.getBoundingClientRect()
  stage.dispatchEvent(
    new WheelEvent('wheel', {
      deltaY: -400,
      clientX: box.left + 420,
      clientY: box.top + 60,
      cancelable: true,
    }),
  )
  await expect.element(page.getByRole('button', { name: 'Live' })).toBeVisible()
  await userEvent.dblClick(stage)
  await expect.element(page.getByRole('button', { name: 'Pause' })).toBeVisible()
})

it('lets the page scroll past it: the wheel is its own only once the pointer moved over it', async () => {
  const { push } = await show()
  push(temperatures())
  await expect.element(plot(TITLE)).toBeVisible()
  const wheel = new WheelEvent('wheel', { deltaY: 100, cancelable: true })
  plot(TITLE).element().dispatchEvent(wheel)
  expect(wheel.defaultPrevented).toBe(false)
})

it('keeps scale, thresholds and units, and says what is beyond a limit', async () => {
  const of = device()
  const { push } = await show(of)
  push(
    readings({
      channels: [channel('power', 'number')],
      series: [series('power', [1, 5, 9])],
    }),
  )
  await page.getByRole('button', { name: 'Scale, thresholds and units' }).click()
  await page.getByRole('radio', { name: 'Fixed' }).click()
  await page.getByRole('textbox', { name: 'From' }).fill('10')
  await page.getByRole('textbox', { name: 'To', exact: true }).fill('2')
  await expect.element(page.getByText('must be above the other')).toBeVisible()
  await expect.element(page.getByRole('button', { name: 'Save', exact: true })).toBeDisabled()
  await page.getByRole('textbox', { name: 'From' }).fill('0')
  await page.getByRole('textbox', { name: 'To', exact: true }).fill('12')
  await page.getByRole('button', { name: 'Add threshold' }).click()
  await page.getByRole('textbox', { name: 'Value' }).fill('7,5')
  await page.getByRole('textbox', { name: 'Name' }).fill('eye-safe')
  await page.getByRole('textbox', { name: 'Unit of power' }).fill('mW')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect.element(row('power')).toHaveTextContent('above eye-safe (7.5)')
  await expect.element(row('power')).toHaveTextContent('9 mW')
  const kept = localStorage.getItem(`weir:live:lab/${of.id}`)!
  expect(JSON.parse(kept)).toMatchObject({
    units: { 'number power': 'mW' },
    plots: { 'number:mW': { scale: { mode: 'fixed', min: 0, max: 12 } } },
  })
})

it('has its values as a table, and says their zone', async () => {
  const { push } = await show()
  push(temperatures())
  await page.getByRole('button', { name: 'Values as a table' }).click()
  const table = page.getByRole('table', { name: `Newest values of ${TITLE}` })
  await expect.element(table.getByRole('row').nth(1)).toHaveTextContent('20.500')
  await page.getByTitle('Local time; press for UTC').click()
  await expect.element(page.getByTitle('Times in UTC; press for local time')).toBeVisible()
})

it('takes any window, and refuses what is none', async () => {
  const { push } = await show()
  push(temperatures())
  await page.getByRole('combobox', { name: 'Window' }).selectOptions('Other…')
  const field = page.getByRole('textbox', { name: 'Window', exact: false })
  await field.fill('soon')
  await expect.element(page.getByRole('button', { name: 'Set', exact: true })).toBeDisabled()
  await field.fill('1.5 h')
  await page.getByRole('button', { name: 'Set', exact: true }).click()
  await expect.element(page.getByRole('combobox', { name: 'Window' })).toHaveValue('5400000')
})

it('greys what is stale, with its age', async () => {
  const of = device()
  const { push, again } = await show(of)
  push(
    readings({
      at: Date.now() - 200_000,
      channels: [channel('x', 'number')],
      series: [
        { c: 'x', t: packNumbers([Date.now() - 201_000, Date.now() - 200_000]), v: packNumbers([1, 2]) },
      ],
    }),
  )
  await again({ ...of, stream: { name: 'closed', reason: '', since: 0, retryAt: null } })
  await expect.element(row('x')).toHaveTextContent('last value 3 min ago')
  expect(row('x').element().hasAttribute('data-stale')).toBe(true)
})

it('reads what was before, when the window is longer than what the page holds', async () => {
  const asked: URL[] = []
  const now = Date.now()
  vi.stubGlobal('fetch', (input: string) => {
    const url = new URL(input, location.href)
    asked.push(url)
    const from = Number(url.searchParams.get('from'))
    const t = [from, from + 1_000]
    return Promise.resolve(
      Response.json({
        series: [{ c: 'x', t: packNumbers(t), v: packNumbers([40, 50]) }],
        states: [],
        exactFrom: from,
        exact: true,
      }),
    )
  })
  const { store } = await show()
  store.snapshot(
    {
      record: {
        ...EMPTY_RECORD,
        channels: [channel('x', 'number')],
        messages: 1_000,
        firstAt: now - 3_600_000,
        eventAt: now,
      },
      recent: readings({ series: [series('x', [1, 2, 3])] }),
    },
    FROM,
  )
  store.commit()
  await expect.element(plot('x')).toBeVisible()
  await vi.waitFor(() => expect(asked.length).toBe(1))
  expect(asked[0]!.pathname).toMatch(/\/api\/devices\/lab\/daq\d+\/samples$/)
  await vi.waitFor(() => expect(store.bulk.tracks.get('x')!.first).toBeLessThan(now - 80_000))
})

it('links to the CSV of what is in view, and makes a PNG', async () => {
  const of = device()
  const { push } = await show(of)
  push(temperatures())
  const link = page.getByRole('link', { name: 'CSV' })
  await expect
    .poll(() => {
      const { searchParams } = new URL((link.element() as HTMLAnchorElement).href)
      return Number(searchParams.get('to')) - Number(searchParams.get('from'))
    })
    .toBeGreaterThan(59_000)
  const saved: string[] = []
  const click = (event: Event) => {
    const anchor = event.target as HTMLAnchorElement
    saved.push(anchor.download || anchor.href)
    event.preventDefault()
  }
  document.addEventListener('click', click)
  await link.click()
  expect(new URL(saved[0]!).pathname).toBe(`/api/devices/lab/${of.id}/samples.csv`)
  const query = new URL(saved[0]!).searchParams
  expect(Number(query.get('to')) - Number(query.get('from'))).toBeCloseTo(60_000, -2)
  document.removeEventListener('click', click)
  const made = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (
    this: HTMLAnchorElement,
  ) {
    saved.push(this.download)
  })
  await page.getByRole('button', { name: 'Save as PNG' }).click()
  await vi.waitFor(() => expect(made).toHaveBeenCalled())
  expect(saved.at(-1)).toMatch(/^daq\d+ temperature_c_ setpoint \d{4}-\d\d-\d\d \d{6}\.png$/)
})

it('stacks channels, each with a scale of its own, and remembers it', async () => {
  const of = device()
  const { push } = await show(of)
  push(
    readings({
      channels: [channel('ai0', 'number'), channel('ai1', 'number')],
      series: [series('ai0', [0, 10_000, 0, 10_000]), series('ai1', [0.001, 0.002, 0.001, 0.002])],
    }),
  )
  const stage = plot('ai0 to ai1')
  await expect.element(stage).toHaveAttribute('data-drawn')
  await drawn()
  const flat = inkOf(stage.element(), 1)
  await page.getByRole('button', { name: 'Stack' }).click()
  await expect.element(page.getByRole('button', { name: 'Stack' })).toHaveAttribute('aria-pressed', 'true')
  await drawn()
  // Flat beside the large one, it goes up and down in a lane of its own.
  await expect.poll(() => inkOf(stage.element(), 1)).toBeGreaterThan(flat * 1.2)
  expect(localStorage.getItem(`weir:live:lab/${of.id}`)).toContain('"stacked":true')
})

it('keeps its tools folded and its statistics apart where there is little room', async () => {
  const of = device()
  const { push } = await show(of, 900, true)
  push(temperatures())
  await expect.element(page.getByRole('button', { name: 'Pause' })).toBeVisible()
  await expect.element(page.getByRole('columnheader', { name: 'Mean' })).not.toBeInTheDocument()
  await expect.element(page.getByRole('button', { name: 'Zoom in' })).not.toBeInTheDocument()
  await page.getByRole('button', { name: 'More controls' }).click()
  await expect.element(page.getByRole('button', { name: 'Zoom in' })).toBeVisible()
  await page.getByRole('button', { name: 'Statistics' }).click()
  await expect.element(page.getByRole('columnheader', { name: 'Mean' })).toBeVisible()
  const kept = JSON.parse(localStorage.getItem(`weir:live:lab/${of.id}`)!) as Record<string, unknown>
  expect(kept).toMatchObject({ stats: true, statsCompact: true })
})

it('fits a phone: what is rare is folded away', async () => {
  await page.viewport(360, 740)
  const { push } = await show(device(), 340)
  push(temperatures())
  await expect.element(plot(TITLE)).toBeVisible()
  await expect.element(page.getByRole('button', { name: 'Zoom in' })).not.toBeInTheDocument()
  await page.getByRole('button', { name: 'More controls' }).click()
  await expect.element(page.getByRole('button', { name: 'Zoom in' })).toBeVisible()
  expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(360)
  await page.viewport(1280, 800)
})

it('says a value with its line on a card', async () => {
  const store = new TopicStore(DEVICE_VIEW)
  store.snapshot({ record: EMPTY_RECORD, recent: null }, FROM)
  store.commit()
  const streams = new Streams({ version: 'test' })
  await render(
    <StreamsProvider streams={streams}>
      <div style={{ width: 300 }}>
        <DeviceSparkline store={store} live />
      </div>
    </StreamsProvider>,
  )
  await expect.element(page.getByText('Nothing received yet')).toBeVisible()
  store.push([
    readings({
      channels: [channel('n', 'number', { role: 'counter' }), channel('t_celsius', 'number', { unit: '°C' })],
      series: [series('n', [5]), series('t_celsius', [20, 21, 23.4])],
    }),
  ])
  store.commit()
  await expect.element(page.getByText('23.400')).toBeVisible()
  await expect.element(page.getByText('t_celsius and 1 more')).toBeVisible()
  await expect.element(page.getByRole('img', { name: 't_celsius, the last minute' })).toBeVisible()
})

it.each(['none', 'open', 'stalled', 'reconnecting'] as const)(
  'the age of the last value goes on in a page opened later, its stream %s',
  async (name) => {
    const { store } = await show(device({ stream: { ...NO_STREAM, name } }))
    const at = Date.now() - 24_000
    const channels = [channel('x', 'number', { firstAt: at - 1_000 })]
    const record = { ...EMPTY_RECORD, channels, firstAt: at - 1_000, eventAt: at, messages: 2 }
    const recent = readings({
      at,
      messages: 0,
      series: [{ c: 'x', t: packNumbers([at - 1_000, at]), v: packNumbers([1, 2]) }],
    })
    store.snapshot({ record, recent }, FROM)
    store.commit()
    const age = page.getByText(/^last value \d+ s ago$/).first()
    await expect.element(age).toBeVisible()
    await expect.element(row('x')).toHaveTextContent('2')
    const first = age.element().textContent
    await vi.waitFor(() => expect(age.element().textContent).not.toBe(first), { timeout: 15_000 })
  },
)
