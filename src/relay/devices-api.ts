import { Hono, type Context } from 'hono'
import type { Command } from '#model/command.ts'
import type { Device } from '#model/device.ts'
import {
  addDeviceRequest,
  callRequest,
  keepRequest,
  streamStartRequest,
  streamStopRequest,
  type CallAnswer,
  type CommandAnswer,
  type DeviceAnswer,
  type Disturbance,
} from '#protocols/weir/api.ts'
import type { SampleRecorder } from './record/sample-recorder.ts'
import type { Devices } from './record/doors.ts'
import type { Sources } from './sources.ts'
import { DEVICE } from '#topics/device.ts'
import { exactAnswer } from './exact-answer.ts'
import { idsIn } from './path-ids.ts'
import { noSource, problem, refusal, wouldDisturb } from './problem.ts'
import { askedBy, readBody } from './read-body.ts'
import { samplesApi } from './samples-api.ts'
import { SourceError, type DeviceControl, type SourceAdapter } from './source-adapter.ts'

export interface DevicesApiOptions {
  adapters: ReadonlyMap<string, SourceAdapter>
  devices: Devices
  sources: Sources
  samples: SampleRecorder
}

/** The part of the API that is about devices. */
export function devicesApi({ adapters, devices, sources, samples }: DevicesApiOptions): Hono {
  const api = new Hono()

  /** Runs `act` with the devices of the source in the path; a source's refusals become answers. */
  const withSource =
    (act: (c: Context, control: DeviceControl, source: string) => Response | Promise<Response>) =>
    async (c: Context) => {
      const source = c.req.param('source') ?? ''
      const adapter = adapters.get(source)
      if (!adapter) return noSource(source)
      if (!adapter.devices) return problem(404, 'not-supported', `${source} has no devices`)
      try {
        return await act(c, adapter.devices, source)
      } catch (error) {
        if (error instanceof SourceError) return refusal(error.error)
        throw error
      }
    }

  /** The same with the device in the path. */
  const withDevice = (
    act: (c: Context, device: Device, control: DeviceControl) => Response | Promise<Response>,
  ) =>
    withSource((c, control, source) => {
      const { id } = idsIn(c)
      const device = devices.get(source, id)
      return device ? act(c, device, control) : nothingOf(source, id)
    })

  /** Only a source that was heard can be said to have none. */
  function nothingOf(source: string, id: string): Response {
    return sources.get(source)?.devicesReadAt == null
      ? problem(503, 'not-known', `Not known: ${source} has not told its devices yet`, `device ${id}`)
      : problem(404, 'no-such-device', `${source} lists no device ${id}`)
  }

  api.get('/devices', (c) => {
    const source = c.req.query('source')
    return c.json({ devices: devices.values().filter((device) => !source || device.source === source) })
  })
  api.post(
    '/devices/:source',
    withSource(async (c, control) => {
      const body = readBody(c, addDeviceRequest, ['params'])
      if (body instanceof Response) return body
      const command = await control.add(body.id, body.type, body.params, askedBy(c), c.req.raw.signal)
      return command.error ? refusal(command.error) : c.json({ command } satisfies CommandAnswer, 201)
    }),
  )
  api.get(
    '/devices/:source/:id',
    withDevice((c, device) => {
      const record = samples.record(DEVICE, device.source, device.id)
      return c.json({ device, record } satisfies DeviceAnswer)
    }),
  )
  api.get(
    '/devices/:source/:id/methods',
    withDevice(async (_, { id }, control) => exactAnswer({ methods: await control.methods(id) })),
  )
  for (const verb of ['connect', 'disconnect'] as const)
    api.post(
      `/devices/:source/:id/${verb}`,
      withDevice(async (c, { id }, control) =>
        answer(c, await control[verb](id, askedBy(c), c.req.raw.signal)),
      ),
    )
  api.post(
    '/devices/:source/:id/call',
    withDevice(async (c, { id }, control) => {
      const body = readBody(c, callRequest, ['args', 'kwargs'])
      if (body instanceof Response) return body
      const { method, args, kwargs } = body
      const called = await control.call(id, method, args, kwargs, askedBy(c), c.req.raw.signal)
      return called.command.error ? refusal(called.command.error) : exactAnswer(called satisfies CallAnswer)
    }),
  )
  api.get(
    '/devices/:source/:id/calls',
    withDevice((_, { id }, control) => exactAnswer({ calls: control.calls(id) })),
  )
  api.get(
    '/devices/:source/:id/calls/:command',
    withDevice((c, { id }, control) => {
      const result = control.callResult(id, c.req.param('command') ?? '')
      if (result === null) return problem(404, 'no-such-result', 'This call has no result, or it is not kept')
      return new Response(result, {
        headers: { 'content-type': 'application/json' },
      })
    }),
  )
  api.delete(
    '/devices/:source/:id/error',
    withDevice(async (c, { id }, control) =>
      answer(c, await control.clearError(id, askedBy(c), c.req.raw.signal)),
    ),
  )
  api.post(
    '/devices/:source/:id/stream/start',
    withDevice(async (c, { id }, control) => {
      const body = readBody(c, streamStartRequest)
      if (body instanceof Response) return body
      return answer(c, await control.startStream(id, body, askedBy(c)))
    }),
  )
  api.post(
    '/devices/:source/:id/stream/stop',
    withDevice(async (c, { id }, control) => {
      const body = readBody(c, streamStopRequest)
      if (body instanceof Response) return body
      return answer(c, await control.stopStream(id, body, askedBy(c)))
    }),
  )
  api.put(
    '/devices/:source/:id/stream/keep',
    withDevice(async (c, { id }, control) => {
      const body = readBody(c, keepRequest)
      if (body instanceof Response) return body
      return control.keepStream(id, body.keepMs)
        ? c.body(null, 204)
        : problem(409, 'not-held', `Weir does not stream ${id}`)
    }),
  )
  api.post(
    '/devices/:source/:id/retry-stream',
    withDevice((c, { id }, control) => {
      control.retryStream(id)
      return c.body(null, 204)
    }),
  )
  // Also of what its source lists no more.
  api.route('/', samplesApi(samples, DEVICE, 'devices', nothingOf))
  api.get(
    '/devices/:source/:id/raw',
    withDevice((c, { id }, control) => c.json({ items: control.raw(id) })),
  )
  return api
}

function answer(c: Context, outcome: Command | Disturbance): Response {
  if ('consequence' in outcome) return wouldDisturb(outcome)
  return outcome.error ? refusal(outcome.error) : c.json({ command: outcome } satisfies CommandAnswer)
}
