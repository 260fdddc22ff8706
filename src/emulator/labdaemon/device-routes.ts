import type { Daemon } from './daemon.ts'
import { describeDevice, describeMethods, describeState, describeUse } from './describe.ts'
import type { Device, Method } from './device.ts'
import { errorResponse, json, noContent } from './http.ts'
import type { Call, Route } from './http.ts'
import { PyError, isUnhashable, toPyError } from './python-error.ts'
import type { Frame } from './python-error.ts'
import { isDict, isList, isTruthy, toText, typeName } from './python-json.ts'
import type { PyDict, PyValue } from './python-json.ts'
import { bind } from './signature.ts'
import type { Streams } from './streams.ts'
import { timestamp } from './time.ts'

/** The server gives up on a connect after this, having held up everybody (LabDaemon wire contract §5.12). */
const CONNECT_LIMIT_S = 30

const SERVER = 'site-packages/labdaemon/server/server.py'
const DAEMON = 'site-packages/labdaemon/daemon.py'
const WRAPPER: Frame = { file: DAEMON, line: 77, name: 'wrapper' }
const CONNECT: readonly Frame[] = [
  { file: SERVER, line: 673, name: 'connect_device' },
  { file: SERVER, line: 655, name: 'connect_with_timeout' },
  { file: DAEMON, line: 121, name: 'connect_device' },
  WRAPPER,
]
const CALL: readonly Frame[] = [{ file: SERVER, line: 848, name: 'call_device_method' }, WRAPPER]

/** The operations on devices (LabDaemon wire contract §3). */
export function deviceRoutes(daemon: Daemon, streams: Streams): Route[] {
  const now = () => daemon.host.timers.now()
  const fail = (status: number, type: string, message: string, context?: PyDict) =>
    errorResponse(now(), status, type, message, context)
  const withDevice = (handle: (device: Device, call: Call) => Response) => (call: Call) => {
    const device = daemon.devices.get(call.id)
    if (!device) return fail(404, 'DeviceNotFound', `No device found with ID: '${call.id}'`)
    return handle(device, call)
  }

  return [
    {
      method: 'GET',
      path: '/devices',
      handle: () => {
        for (const device of daemon.devices.values()) device.waitForLock()
        return json({
          devices: [...daemon.devices.values()].map((device) => describeDevice(daemon, device, false)),
        })
      },
    },
    {
      method: 'GET',
      path: '/devices/{id}',
      handle: withDevice((device) => {
        device.waitForLock()
        return json(describeDevice(daemon, device, true))
      }),
    },
    {
      method: 'GET',
      path: '/devices/{id}/methods',
      handle: withDevice((device) => json(describeMethods(device))),
    },
    {
      method: 'GET',
      path: '/devices/{id}/error',
      handle: withDevice((device) => {
        const error = daemon.deviceErrors.get(device.id)
        return error ? json(error) : fail(404, 'NoError', 'No error recorded for device')
      }),
    },
    {
      method: 'DELETE',
      path: '/devices/{id}/error',
      handle: ({ id }) => {
        if (!daemon.deviceErrors.get(id)) return fail(404, 'NoError', 'No error recorded for device')
        daemon.deviceErrors.clear(id)
        return noContent()
      },
    },
    {
      method: 'POST',
      path: '/devices',
      takesBody: true,
      handle: ({ body }) => addDevice(daemon, body, fail),
    },
    {
      method: 'POST',
      path: '/devices/{id}/connect',
      handle: withDevice((device) => connect(daemon, device)),
    },
    {
      method: 'POST',
      path: '/devices/{id}/disconnect',
      handle: withDevice((device) => {
        const owner = daemon.ownership.ownerOf(device.id)
        if (owner !== undefined)
          return fail(
            409,
            'DeviceInUse',
            `Device '${device.id}' is owned by task '${owner}' and cannot be disconnected`,
            { device_id: device.id, task_id: owner },
          )
        device.waitForLock()
        if (device.isConnected() === false)
          return json({ device_id: device.id, connected: false, message: 'Device is already disconnected' })
        device.disconnect()
        return json({ device_id: device.id, ...describeUse(daemon, device, false), owned_by: null })
      }),
    },
    {
      method: 'POST',
      path: '/devices/{id}/call',
      takesBody: true,
      handle: withDevice((device, { body }) => {
        const owner = daemon.ownership.ownerOf(device.id)
        if (owner !== undefined)
          return fail(409, 'DeviceInUse', `Device '${device.id}' is owned by task '${owner}'`, {
            device_id: device.id,
            task_id: owner,
          })
        return call(daemon, device, body, fail)
      }),
    },
    {
      method: 'POST',
      path: '/devices/{id}/stream/stop',
      handle: withDevice((device) => {
        device.streaming?.stop()
        streams.stop(device)
        return json({ status: 'stopped', device_id: device.id, timestamp: timestamp(now()) })
      }),
    },
  ]
}

type Fail = (status: number, type: string, message: string, context?: PyDict) => Response

function addDevice(daemon: Daemon, body: PyDict, fail: Fail): Response {
  const { device_id: id, device_type: type, params = {} } = body
  if (!isTruthy(id) || id === undefined) return fail(400, 'InvalidRequest', 'device_id is required')
  if (!isTruthy(type) || type === undefined) return fail(400, 'InvalidRequest', 'device_type is required')
  if (!isDict(params)) return fail(400, 'InvalidRequest', 'params must be a dict')
  for (const key of [id, type])
    if (isUnhashable(key)) throw new PyError('TypeError', `unhashable type: '${typeName(key)}'`)
  const deviceId = toText(id)
  const deviceType = toText(type)
  if (daemon.devices.has(deviceId))
    return fail(409, 'DeviceExists', `Device '${deviceId}' already exists`, { device_id: id })
  if (!daemon.deviceClasses.has(deviceType))
    return fail(404, 'DeviceTypeNotFound', `Device type '${deviceType}' is not registered`, {
      device_type: type,
    })
  try {
    const device = daemon.addDevice(deviceId, deviceType, params)
    return json({ ...describeState(daemon, device, false), device_type: type })
  } catch (thrown) {
    return errorResponse(
      daemon.host.timers.now(),
      400,
      'DeviceCreationError',
      `Failed to create device '${deviceId}': ${toPyError(thrown).message}`,
      { device_id: id, device_type: type },
      'device',
    )
  }
}

/** Connecting holds up the whole server, and after 30 s it fails while the attempt goes on (§5.12). */
function connect(daemon: Daemon, device: Device): Response {
  const { timers, loop } = daemon.host
  device.waitForLock()
  if (device.isConnected() !== false)
    return json({ device_id: device.id, connected: true, message: 'Device is already connected' })
  try {
    const seconds = device.connectSeconds
    loop.block(Math.min(seconds, CONNECT_LIMIT_S) * 1_000)
    if (seconds > CONNECT_LIMIT_S) {
      device.lockedUntil = timers.now() + seconds * 1_000
      timers.after(seconds * 1_000, () => connectUnheard(device))
      throw new PyError('TimeoutError', `Device connection timed out after ${CONNECT_LIMIT_S} seconds`)
    }
    device.connect()
  } catch (thrown) {
    const error = toPyError(thrown)
    daemon.deviceErrors.record(device.id, error, 'device', { action: 'connect' }, CONNECT)
    return errorResponse(
      timers.now(),
      400,
      'DeviceConnectionError',
      `Failed to connect device '${device.id}': ${error.message}`,
      { device_id: device.id },
      'device',
    )
  }
  return json({ device_id: device.id, ...describeUse(daemon, device, false) })
}

/** An attempt that the server has given up on: nobody is left to be told why it fails. */
function connectUnheard(device: Device): void {
  try {
    device.connect()
  } catch (thrown) {
    if (!(thrown instanceof PyError)) throw thrown
  }
}

/** Runs a method in the event loop; the status depends on the exception's class (§3). */
function call(daemon: Daemon, device: Device, body: PyDict, fail: Fail): Response {
  const { method: name, args = [], kwargs = {} } = body
  if (!isTruthy(name) || name === undefined) return fail(400, 'InvalidRequest', 'Method name is required')
  if (typeof name !== 'string')
    throw new PyError('AttributeError', `'${typeName(name)}' object has no attribute 'startswith'`)
  if (name.startsWith('_')) return fail(400, 'InvalidRequest', 'Private methods cannot be called remotely')
  if (name === 'device_id') return fail(400, 'InvalidRequest', `'${name}' is not a method`)
  const method = device.method(name)
  if (!method) return fail(404, 'MethodNotFound', `Method '${name}' not found on device '${device.id}'`)
  if (!isList(args)) return fail(400, 'InvalidRequest', "'args' must be a list")
  if (!isDict(kwargs)) return fail(400, 'InvalidRequest', "'kwargs' must be a dict")
  device.waitForLock()
  try {
    return json({ result: invoke(device, method, args, kwargs), success: true })
  } catch (thrown) {
    const error = toPyError(thrown)
    daemon.deviceErrors.record(device.id, error, 'device', { method: name, args, kwargs }, CALL)
    return errorResponse(
      daemon.host.timers.now(),
      error.isCallerError ? 400 : 500,
      error.type,
      error.message,
      { device_id: device.id, method: name },
      'device',
    )
  }
}

function invoke(device: Device, method: Method, args: readonly PyValue[], kwargs: PyDict): PyValue {
  return method.invoke(bind(`${device.className}.${method.name}`, method.parameters, args, kwargs))
}
