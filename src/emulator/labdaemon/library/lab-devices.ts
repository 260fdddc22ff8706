import type { Daemon } from '../daemon.ts'
import type { DeviceClass } from '../device.ts'
import { float } from '../python-json.ts'
import type { PyDict } from '../python-json.ts'
import { ADDRESS, deviceClass, instrumentClass } from './device-class.ts'
import { MicroscopeCamera } from './lab/camera.ts'
import { MultiChannelDaq } from './lab/daq.ts'
import { FlakyInstrument } from './lab/flaky.ts'
import { DiodeLaser } from './lab/laser.ts'
import { MotionStage } from './lab/motion-stage.ts'
import { Oscilloscope } from './lab/oscilloscope.ts'
import { sensorClasses } from './lab/sensors.ts'
import { Shapeshifter } from './lab/shapeshifter.ts'
import { SafetyInterlock, Sequencer, Shutter } from './lab/states.ts'
import { RoomThermometer } from './lab/thermometer.ts'

/** Device types of a lab at work. */
export const labDeviceClasses: readonly (readonly [string, DeviceClass])[] = [
  ...sensorClasses,
  instrumentClass(
    'MotionStage',
    (id, host, connected, seconds) => new MotionStage('MotionStage', id, host, connected, seconds),
  ),
  instrumentClass('Oscilloscope', (...given) => new Oscilloscope(...given)),
  instrumentClass('MultiChannelDaq', (...given) => new MultiChannelDaq(...given)),
  instrumentClass('RoomThermometer', (...given) => new RoomThermometer(...given)),
  instrumentClass('MicroscopeCamera', (...given) => new MicroscopeCamera(...given)),
  instrumentClass('DiodeLaser', (...given) => new DiodeLaser(...given)),
  instrumentClass('SafetyInterlock', (...given) => new SafetyInterlock(...given)),
  instrumentClass('Shutter', (...given) => new Shutter(...given)),
  instrumentClass('Sequencer', (...given) => new Sequencer(...given)),
  instrumentClass('Shapeshifter', (...given) => new Shapeshifter(...given)),
  deviceClass(
    'FlakyInstrument',
    [
      ADDRESS,
      { name: 'connect_outcome', type: 'string', default: 'sometimes' },
      { name: 'connect_seconds', type: 'number', default: float(12) },
    ],
    (id, [, outcome = null, seconds = null], host) => new FlakyInstrument(id, host, outcome, seconds),
  ),
]

/** What stands in the lab beside the bench; one oscilloscope takes its time to connect (§5.12). */
export function addLabDevices(daemon: Daemon): void {
  const devices: readonly (readonly [string, string, PyDict])[] = [
    ['chamber1', 'ClimateChamber', {}],
    ['chamber2', 'ClimateChamber', {}],
    ['powermeter1', 'PowerMeter', {}],
    ['camera1', 'BeamCamera', {}],
    ['vacuum1', 'VacuumGauge', {}],
    ['stage1', 'MotionStage', { connected: true }],
    ['scope1', 'Oscilloscope', { connect_seconds: 2.5 }],
    ['daq8', 'MultiChannelDaq', { connected: true }],
    ['thermometer1', 'RoomThermometer', { connected: true }],
    ['camera2', 'MicroscopeCamera', { connected: true }],
    ['scope2', 'Oscilloscope', { connected: true }],
    ['laser3', 'DiodeLaser', { connected: true }],
    ['interlock1', 'SafetyInterlock', { connected: true }],
    ['shutter1', 'Shutter', { connected: true }],
    ['sequencer1', 'Sequencer', { connected: true }],
    ['digitizer1', 'MultiChannelDaq', { connected: true }],
    ['flaky2', 'FlakyInstrument', {}],
    ['flood1', 'Counter', { rate_hz: 5_000 }],
    ['shapeshifter1', 'Shapeshifter', { connected: true }],
  ]
  for (const [id, type, params] of devices) daemon.addDevice(id, type, params)
}
