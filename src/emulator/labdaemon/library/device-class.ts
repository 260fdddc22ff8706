import type { Device, DeviceClass, DeviceHost } from '../device.ts'
import { toFloat } from '../python-error.ts'
import type { PyDict, PyValue } from '../python-json.ts'
import { bind } from '../signature.ts'
import type { Parameter } from '../signature.ts'

/** A class whose constructor takes these parameters beside the id. */
export function deviceClass(
  name: string,
  parameters: readonly Parameter[],
  create: (id: string, args: readonly PyValue[], host: DeviceHost) => Device,
): [string, DeviceClass] {
  return [
    name,
    {
      create: (id: string, params: PyDict, host: DeviceHost) =>
        create(id, bind(`${name}.__init__`, parameters, [], params), host),
    },
  ]
}

/** Accepted by every device, and ignored. */
export const ADDRESS: Parameter = { name: 'address', type: 'string', default: 'SIM::0' }
const CONNECTED: Parameter = { name: 'connected', type: 'boolean', default: false }
const CONNECT_SECONDS: Parameter = { name: 'connect_seconds', type: 'number', default: 0 }

/** A class of devices that may be open from the start, and take their time to open. */
export const instrumentClass = (
  name: string,
  create: (id: string, host: DeviceHost, connected: boolean, connectSeconds: number) => Device,
): [string, DeviceClass] =>
  deviceClass(name, [ADDRESS, CONNECTED, CONNECT_SECONDS], (id, [, connected, seconds = 0], host) =>
    create(id, host, connected === true, toFloat(seconds)),
  )
