import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { packNumbers } from '#lib/pack.ts'
import { UNTOUCHED, type Device } from '#model/device.ts'
import { EMPTY_RECORD, type Channel, type DeviceEvent, type Readings } from '#model/device-events.ts'
import { WeirClient } from '#protocols/weir/client.ts'
import { DeviceStore } from '#streams/device-store.ts'
import { StreamsProvider } from '#streams/react.tsx'
import { Streams } from '#streams/streams.ts'
import { WeirProvider } from '#streams/weir-client.tsx'
import { FakeEventSource } from '#testing/fake-event-source.ts'
import { LivePanel } from './live-panel.tsx'

beforeEach(() => {
  localStorage.clear()
  vi.stubGlobal('EventSource', FakeEventSource)
})
afterEach(() => {
  vi.unstubAllGlobals()
})

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

async function show(of: Device = device(), width = 900) {
  const store = new DeviceStore()
  store.snapshot({ record: EMPTY_RECORD, recent: null })
  store.commit()
  const streams = new Streams({ version: 'test' })
  const queries = new QueryClient()
  const client = new WeirClient('', 'test')
  const all = (each: Device) => (
    <QueryClientProvider client={queries}>
      <StreamsProvider streams={streams}>
        <WeirProvider client={client}>
          <div style={{ width }} className="bg-panel">
            <LivePanel device={each} store={store} />
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

const cell = (row: string) => page.getByRole('row', { name: row })

it('says that nothing came yet, and draws what comes', async () => {
  const { push } = await show()
  await expect.element(page.getByText('Connected, nothing received yet')).toBeVisible()
  push(
    readings({
      channels: [
        channel('temperature_c', 'number', { unit: '°C' }),
        channel('setpoint', 'number', { unit: '°C' }),
      ],
      series: [series('temperature_c', [20, 21, 22.5]), series('setpoint', [25])],
    }),
  )
  await expect.element(page.getByRole('img', { name: 'Plot of temperature_c, setpoint' })).toBeVisible()
  await expect.element(cell('temperature_c')).toHaveTextContent('22.500')
  await expect.element(cell('setpoint')).toHaveTextContent('25')
})
