import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import type { Command } from '#model/command.ts'
import type { Device } from '#model/device.ts'
import { summaryOf, unknownTask } from '#model/task.ts'
import { StopDialogs } from '#panels/command/stop-dialogs.tsx'
import { WeirClient } from '#protocols/weir/client.ts'
import { StreamsProvider } from '#streams/react.tsx'
import { Streams } from '#streams/streams.ts'
import { WeirProvider } from '#streams/weir-client.tsx'
import { FakeEventSource } from '#testing/fake-event-source.ts'
import { DeviceCard } from './device-card.tsx'
import { MethodsPanel } from './methods/methods-panel.tsx'
import { sampleDevice } from './sample-device.ts'
import { GuardDialog } from './stream/guard-dialog.tsx'

/** What the page asked of the relay, and what it is told, by method and path. */
const asked: { what: string; body: unknown }[] = []
const told = new Map<string, () => Response | Promise<Response>>()

beforeEach(() => {
  asked.length = 0
  told.clear()
  localStorage.clear()
  vi.stubGlobal('EventSource', FakeEventSource)
  vi.stubGlobal('fetch', (input: string, init?: RequestInit) => {
    const what = `${init?.method ?? 'GET'} ${new URL(input, location.href).pathname.replace('/api', '')}`
    asked.push({ what, body: typeof init?.body === 'string' ? JSON.parse(init.body) : null })
    const answer = told.get(what)
    const gone = new Promise<Response>((_, reject) => {
      init?.signal?.addEventListener('abort', () => {
        reject(new DOMException('aborted', 'AbortError'))
      })
    })
    return Promise.race([gone, Promise.resolve(answer ? answer() : new Response(null, { status: 204 }))])
  })
})
afterEach(() => {
  vi.unstubAllGlobals()
})

let streams: Streams
let devices = 0
/** A device of its own per test: what became of its commands is kept by its name. */
function ownDevice(part: Partial<Device> = {}): Device {
  return sampleDevice({ id: `own${++devices}`, ...part })
}

function command(device: Device, part: Partial<Command> = {}): Command {
  return {
    id: 'c1',
    source: device.source,
    verb: 'call',
    target: device.id,
    text: '',
    by: { kind: 'page', id: 'p1' },
    sentAt: 1,
    acceptedAt: 2,
    effectiveAt: 2,
    effectNote: null,
    failedAt: null,
    error: null,
    ...part,
  }
}

async function show(children: ReactNode) {
  streams = new Streams({ version: 'test' })
  const root = createRootRoute({
    component: () => (
      <>
        {children}
        <GuardDialog />
        <StopDialogs />
      </>
    ),
  })
  const router = createRouter({ routeTree: root, history: createMemoryHistory() })
  await render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <StreamsProvider streams={streams}>
        <WeirProvider client={new WeirClient('')}>
          {/* A router of this test's own: the app's is the registered one. */}
          <RouterProvider router={router as never} />
        </WeirProvider>
      </StreamsProvider>
    </QueryClientProvider>,
  )
}

const group = (name: string) => page.getByRole('group', { name, exact: true })

test('a method is a form of its signature; a refusal and then the result stand beside it', async () => {
  const device = ownDevice()
  const path = `/devices/lab/${device.id}`
  told.set(`GET ${path}/methods`, () =>
    Response.json({
      methods: [
        {
          name: 'set_wavelength',
          parameters: [
            { name: 'wavelength_nm', type: 'number', required: true },
            { name: 'wait', type: 'boolean', required: false, default: true },
          ],
          doc: 'Set it.\n\nParameters\n----------\nwavelength_nm : float\n    1480 to 1640 nm.',
        },
        { name: '_secret', parameters: [], doc: null },
        { name: 'start_streaming', parameters: [], doc: null },
      ],
    }),
  )
  told.set(`GET ${path}/calls`, () => Response.json({ calls: [] }))
  told.set(`POST ${path}/call`, () =>
    Response.json(
      {
        type: 'refused',
        title: 'The source refused',
        status: 400,
        source: { type: 'ValueError', message: 'wavelength 1 nm is outside', owner: null },
      },
      { status: 400 },
    ),
  )
  await show(<MethodsPanel device={device} />)
  const method = group('set_wavelength')
  await expect.element(method.getByText('Required. 1480 to 1640 nm.')).toBeVisible()
  await expect.element(method.getByRole('checkbox', { name: 'wait' })).toBeChecked()
  expect(page.getByText('_secret').query()).toBeNull()
  expect(page.getByText('start_streaming').query()).toBeNull()

  await method.getByRole('button', { name: 'Call' }).click()
  await expect.element(method.getByText('Is needed')).toBeVisible()
  expect(asked.some(({ what }) => what.endsWith('/call'))).toBe(false)

  await method.getByLabelText('wavelength_nm').fill('1')
  await method.getByRole('button', { name: 'Call' }).click()
  await expect.element(method.getByRole('alert')).toHaveTextContent('ValueErrorwavelength 1 nm is outside')
  expect(asked.at(-1)).toEqual({
    what: `POST ${path}/call`,
    body: { method: 'set_wavelength', args: [], kwargs: { wavelength_nm: 1, wait: true } },
  })

  told.set(`POST ${path}/call`, () => {
    const call = {
      command: 'c1',
      method: 'set_wavelength',
      args: [],
      kwargs: {},
      by: { kind: 'page', id: 'p1' },
      at: 1,
      endedAt: 4,
      result: { preview: '1550.0', bytes: 6 },
      error: null,
    }
    return Response.json({ command: command(device), call })
  })
  await method.getByLabelText('wavelength_nm').fill('1550')
  await method.getByRole('button', { name: 'Call' }).click()
  await expect.element(method.getByText('1550.0')).toBeVisible()
  await expect.element(method.getByText(/took 3 ms/)).toBeVisible()
})

test('a call that takes long need not be waited for; it says where its end shows', async () => {
  const device = ownDevice()
  const path = `/devices/lab/${device.id}`
  told.set(`GET ${path}/methods`, () =>
    Response.json({ methods: [{ name: 'settle', parameters: [], doc: null }] }),
  )
  told.set(`GET ${path}/calls`, () => Response.json({ calls: [] }))
  told.set(`POST ${path}/call`, () => new Promise<Response>(() => {}))
  await show(<MethodsPanel device={device} />)
  await group('settle').getByRole('button', { name: 'Call' }).click()
  await group('settle').getByRole('button', { name: 'Stop waiting' }).click()
  await expect.element(group('settle').getByText(/The call goes on/)).toBeVisible()
})

test('where the methods cannot be listed one can be called by its name', async () => {
  const device = ownDevice()
  const path = `/devices/lab/${device.id}`
  told.set(`GET ${path}/methods`, () =>
    Response.json(
      { type: 'refused', title: 'The source failed', status: 502, detail: 'A default is infinite.' },
      { status: 502 },
    ),
  )
  told.set(`GET ${path}/calls`, () => Response.json({ calls: [] }))
  await show(<MethodsPanel device={device} />)
  await expect.element(page.getByText('A default is infinite.')).toBeVisible()
  const any = group('Any method')
  await any.getByLabelText('Method').fill('get_range')
  await any.getByLabelText('Arguments').fill('[2]')
  await any.getByRole('button', { name: 'Call' }).click()
  expect(asked.at(-1)).toEqual({
    what: `POST ${path}/call`,
    body: { method: 'get_range', args: [2], kwargs: {} },
  })
})

test('what would disturb somebody is asked first; "Keep" sends nothing, the other answer sends it with force', async () => {
  const device = ownDevice({ ownedBy: 'sweep-1' })
  const start = `POST /devices/lab/${device.id}/stream/start`
  const consequence = 'sweep-1 may get no data while Weir streams it.'
  told.set(start, () =>
    Response.json(
      {
        type: 'would-disturb',
        title: 'It would disturb',
        status: 409,
        disturbs: { owner: 'sweep-1', consequence },
      },
      { status: 409 },
    ),
  )
  await show(<DeviceCard device={device} stale={false} />)
  const button = page.getByRole('article').getByRole('button', { name: 'Start stream' })
  await button.click()
  const question = page.getByRole('alertdialog', { name: 'Start stream?' })
  await expect.element(question).toHaveTextContent(consequence)
  await expect.element(question.getByRole('button', { name: 'Keep', exact: true })).toHaveFocus()
  await question.getByRole('button', { name: 'Keep', exact: true }).click()
  expect(question.query()).toBeNull()
  await expect.element(button).toHaveFocus()
  expect(asked.filter(({ what }) => what === start).map(({ body }) => body)).toEqual([{ force: false }])

  await button.click()
  await question.getByLabelText('Kept when nobody watches').selectOptions('1 h')
  told.set(start, () => Response.json({ command: command(device, { verb: 'stream/start' }) }))
  await question.getByRole('button', { name: 'Start stream' }).click()
  await expect.poll(() => asked.at(-1)).toEqual({ what: start, body: { keepMs: 3_600_000, force: true } })
  expect(question.query()).toBeNull()
})

test('a refusal stands on the card in the server’s words, with the task that holds the device', async () => {
  const device = ownDevice({ connected: false })
  told.set(`POST /devices/lab/${device.id}/connect`, () =>
    Response.json({
      command: command(device, {
        verb: 'connect',
        failedAt: 3,
        error: {
          outcome: 'refused',
          status: 409,
          type: 'DeviceInUse',
          message: 'owned by sweep-1',
          owner: 'sweep-1',
        },
      }),
    }),
  )
  told.set('POST /tasks/lab/sweep-1/cancel', () =>
    Response.json({ command: command(device, { verb: 'cancel' }) }),
  )
  await show(<DeviceCard device={device} stale={false} />)
  await page.getByRole('button', { name: 'Connect' }).click()
  const alert = page.getByRole('alert')
  await expect.element(alert).toHaveTextContent('Connect refused: DeviceInUseowned by sweep-1')
  await expect.element(alert.getByRole('link', { name: 'sweep-1' })).toBeVisible()
  await alert.getByRole('button', { name: 'Cancel that task' }).click()
  // Asked also where nothing is known of the task.
  const sure = page.getByRole('alertdialog', { name: 'Cancel sweep-1?' })
  await expect.element(sure).toHaveTextContent('what would be lost, is not known')
  expect(asked.some(({ what }) => what.endsWith('/cancel'))).toBe(false)
  await sure.getByRole('button', { name: 'Cancel task' }).click()
  await expect.poll(() => asked.at(-1)?.what).toBe('POST /tasks/lab/sweep-1/cancel')
  const task = { ...summaryOf(unknownTask('lab', 'labdaemon', 'sweep-1', 0)), status: 'cancelling' } as const
  streams.list('tasks').store.setState({ items: new Map([['lab/sweep-1', task]]) })
  await expect.element(alert.getByRole('status')).toHaveTextContent('Asked to cancel')
})
