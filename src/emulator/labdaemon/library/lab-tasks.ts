import { PyError } from '../python-error.ts'
import { PyFloats, float, rounded } from '../python-json.ts'
import type { PyDict } from '../python-json.ts'
import type { TaskClass, TaskContext } from '../task.ts'
import { taskClass } from './bench-tasks.ts'
import { recordingTaskClass } from './lab/recording-task.ts'
import { FOREIGN_LINES, scientific, signed, tqdm } from './lab-text.ts'
import { Params } from './params.ts'
import { progressTask } from './progress-task.ts'
import type { ProgressPlan } from './progress-task.ts'

/** What differs between the lab's tasks; length, pace and devices come from the parameters. */
interface LabPlan extends Omit<ProgressPlan, 'steps' | 'delay' | 'deviceIds' | 'streams' | 'prompt'> {
  readonly steps: number
  readonly delay: number
}

function labTask(
  className: string,
  plan: (steps: number, params: Params) => Omit<LabPlan, 'steps' | 'delay'>,
  steps: number,
  delay: number,
): [string, TaskClass] {
  return taskClass(className, (params, given) => {
    const total = params.steps(steps)
    return progressTask(given, {
      ...plan(total, params),
      steps: total,
      delay: params.delay(delay),
      deviceIds: deviceIds(params),
      streams: true,
      prompt: true,
    })
  })
}

function deviceIds(params: Params): string[] {
  const given = params.raw('devices', 'device_ids')
  return Array.isArray(given) ? given.filter((each) => typeof each === 'string') : []
}

const outcome = (extra: PyDict): PyDict => ({ status: 'completed', ...extra })

/** Transmission of a ring resonator over the telecom C band. */
function wavelengthSweep(steps: number, params: Params): Omit<LabPlan, 'steps' | 'delay'> {
  const from = params.number(1527, 'start_nm')
  const to = params.number(1567, 'stop_nm')
  const powers: number[] = []
  return {
    adjustable: true,
    step: (index, { random }) => {
      const nanometres = from + ((to - from) * index) / Math.max(1, steps - 1)
      const fromDip = ((nanometres - 1530.2) % 4.6) - 2.3
      const power = -3.4 - 14 / (1 + (fromDip / 0.18) ** 2) + random.normal() * 0.03
      powers.push(Number(power.toFixed(2)))
      return {
        message: `${nanometres.toFixed(2)} nm, ${signed(power, 2)} dBm`,
        current: { wavelength_nm: rounded(nanometres, 2), power_dbm: rounded(power, 2) },
      }
    },
    finish: () =>
      outcome({ resonances_nm: new PyFloats([1532.5, 1537.1, 1541.7]), powers_dbm: new PyFloats(powers) }),
    cancelled: (done) => ({ status: 'cancelled', progress: done, powers_dbm: new PyFloats(powers) }),
  }
}

function photonCounting(steps: number): Omit<LabPlan, 'steps' | 'delay'> {
  let sum = 0
  return {
    step: (index, { random }) => {
      const counts = Math.round(4_800 + 900 * Math.sin(index / 60) + random.normal() * 70)
      sum += counts
      const dark = random.integer(24, 38)
      return { message: `bin ${index + 1}/${steps}: ${counts} counts/s, dark ${dark}`, current: counts }
    },
    finish: () => outcome({ mean_counts: rounded(sum / Math.max(1, steps), 1) }),
  }
}

function pulseCapture(): Omit<LabPlan, 'steps' | 'delay'> {
  return {
    step: (index, { random }) => {
      const volts = 3.4 + random.normal() * 0.06
      return {
        message: `shot ${index}: ${volts.toFixed(3)} V peak, ${(12 + random.normal() * 0.2).toFixed(2)} ns`,
        current: rounded(volts, 3),
      }
    },
  }
}

function thermalSoak(steps: number, params: Params): Omit<LabPlan, 'steps' | 'delay'> {
  const target = params.number(85, 'celsius')
  return {
    adjustable: true,
    step: (index, { random }) => {
      const ramp = (target - 23) * Math.exp(-index / Math.max(1, steps / 30))
      const celsius = target - ramp + random.normal() * 0.03
      const heater = Math.min(100, Math.round(38 + ramp + random.normal() * 2))
      return {
        message: `T = ${celsius.toFixed(2)} °C (set ${target.toFixed(2)} °C), heater ${heater} %`,
        current: rounded(celsius, 2),
      }
    },
  }
}

function lifetimeTest(steps: number, params: Params): Omit<LabPlan, 'steps' | 'delay'> {
  const hours = (params.delay(10) * steps) / 3_600
  return {
    step: (index, { random }) => {
      const hour = (hours * index) / steps
      const power = 12.4 * (1 - hour / 900) + random.normal() * 0.01
      const loss = signed((power / 12.4 - 1) * 100, 2)
      return {
        message: `hour ${hour.toFixed(2)}: I = 98.7 mA, P = ${power.toFixed(3)} mW (${loss} %)`,
        current: rounded(power, 3),
      }
    },
  }
}

const CALIBRATION_FAULTS: readonly [PyError, ...PyError[]] = [
  new PyError('RuntimeError', 'lock lost at 1552.1 nm: photodiode saturated'),
  new PyError('ValueError', 'no convergence after 12 iterations (residual 0.043)'),
  new PyError('DeviceTimeoutError', 'stage1 did not reach 12.500 mm within 5.0 s'),
  new PyError('DeviceOperationError', 'powermeter1: reference cell reads NaN, check the fibre <b>now</b>'),
]

/** Fails at `fail_at`, if that is given. */
function calibration(steps: number, params: Params): Omit<LabPlan, 'steps' | 'delay'> {
  const failAt = params.integer(-1, 'fail_at')
  const fault = CALIBRATION_FAULTS[params.integer(0, 'fault') % CALIBRATION_FAULTS.length]
  return {
    step: (index, { random }) => {
      if (index === failAt && fault) throw fault
      const residual = 0.4 * Math.exp(-index / 8) + Math.abs(random.normal()) * 0.002
      return {
        message: `point ${index + 1}/${steps}: residual ${residual.toFixed(4)}, gain ${(1.02 + random.normal() * 0.001).toFixed(4)}`,
        current: rounded(residual, 4),
      }
    },
    finish: () => {
      if (failAt >= 0 && fault) throw fault
      return outcome({ gain: float(1.0213), offset_mv: float(-0.42), valid_for_days: 30 })
    },
  }
}

function beamMap(steps: number, params: Params): Omit<LabPlan, 'steps' | 'delay'> {
  const columns = Math.max(1, params.integer(24, 'columns'))
  const map: number[] = []
  return {
    adjustable: true,
    step: (index, { random }) => {
      const x = (index % columns) - columns / 2
      const y = Math.floor(index / columns) - steps / columns / 2
      const power = 0.9 * Math.exp(-(x * x + y * y) / 40) + Math.abs(random.normal()) * 0.004
      map.push(Number(power.toFixed(4)))
      return {
        message: `x = ${signed(x * 0.5, 2)} mm, y = ${signed(y * 0.5, 2)} mm: ${power.toFixed(3)} mW`,
        current: { x_mm: rounded(x * 0.5, 2), y_mm: rounded(y * 0.5, 2), mw: rounded(power, 4) },
      }
    },
    finish: () => outcome({ columns, map_mw: new PyFloats(map) }),
  }
}

/** Ends with a result of some MB (§5.12 for what reading it costs). */
function traceCapture(steps: number, params: Params): Omit<LabPlan, 'steps' | 'delay'> {
  const bytes = params.number(5, 'megabytes') * 1e6
  return {
    step: (index, { random }) => ({
      message: `record ${index + 1}/${steps}: ${random.integer(8_190, 8_192)} points, ${(1.2 + random.normal() * 0.02).toFixed(3)} mV rms`,
      current: index + 1,
    }),
    finish: () => outcome({ sample_rate_hz: float(2e9), trace_v: trace(bytes) }),
  }
}

function trace(bytes: number): PyFloats {
  return new PyFloats(
    Array.from({ length: bytes / 9 }, (_, index) =>
      Number((Math.sin(index / 700) * Math.exp(-index / 3e5)).toFixed(5)),
    ),
  )
}

/** Other people's files, with all they bring along. */
function fileImport(steps: number): Omit<LabPlan, 'steps' | 'delay'> {
  return {
    step: (index, { random }) => ({
      message: index % 5 === 4 ? random.pick(FOREIGN_LINES) : tqdm('importing', index + 1, steps, 2),
      current: `run_${String(index).padStart(4, '0')}.csv`,
    }),
  }
}

/** Stops in the middle for a person who takes minutes to come, and looks paused. */
function alignment(steps: number, params: Params): Omit<LabPlan, 'steps' | 'delay'> {
  const waitAt = params.integer(Math.floor(steps / 2), 'wait_at')
  const waiting = params.number(240, 'wait_seconds')
  return {
    step: (index, { random }) => {
      if (index === waitAt)
        return { message: 'paused: waiting for the operator to load sample C7', current: null, rest: waiting }
      const tilt = signed(2 * Math.exp(-index / 20) + random.normal() * 0.05, 2)
      return { message: `tilt ${tilt} mrad, overlap ${(70 + index / 3).toFixed(1)} %`, current: null }
    },
  }
}

/** Says nothing for a minute or two at a time. */
function pumpDown(steps: number): Omit<LabPlan, 'steps' | 'delay'> {
  return {
    step: (index, { random }) => {
      const pressure = 1e-3 * Math.exp((-9 * index) / steps)
      return {
        message: `${scientific(pressure)} mbar, turbo ${random.integer(831, 834)} Hz`,
        current: float(Number(pressure.toPrecision(3))),
        rest: index % 6 === 5 ? random.between(45, 120) : 0,
      }
    },
    finish: () => outcome({ final_mbar: float(1.2e-7) }),
  }
}

function fibreCoupling(): Omit<LabPlan, 'steps' | 'delay'> {
  return {
    step: (index, { random }) => {
      const coupled = 82 * (1 - Math.exp(-index / 25)) + random.normal() * 0.6
      const shift = signed(3 * Math.exp(-index / 20) * random.normal(), 2)
      return {
        message: `iteration ${index}: ${coupled.toFixed(1)} % coupled, Δx = ${shift} µm`,
        current: rounded(coupled, 1),
      }
    },
    finish: () => outcome({ coupled_percent: float(81.7) }),
  }
}

function delayScan(steps: number): Omit<LabPlan, 'steps' | 'delay'> {
  return {
    adjustable: true,
    step: (index, { random }) => {
      const femtoseconds = (index - steps / 2) * 2
      const signal = Math.exp(-((femtoseconds / 90) ** 2)) + random.normal() * 0.01
      return {
        message: `τ = ${signed(femtoseconds, 1)} fs, signal ${signal.toFixed(3)} V`,
        current: rounded(signal, 3),
      }
    },
    finish: () => outcome({ pulse_fs: float(106.3) }),
  }
}

/** Some averages are not a number (§5.15). */
function phaseNoise(steps: number): Omit<LabPlan, 'steps' | 'delay'> {
  return {
    step: (index, context) => ({
      message: `average ${index + 1}/${steps}: ${noiseFloor(index, context)}`,
      current: index % 11 === 10 ? float(NaN) : rounded(-148 - index / 40, 1),
    }),
  }
}

function noiseFloor(index: number, { random }: TaskContext): string {
  return index % 11 === 10
    ? 'overload, discarded'
    : `${signed(-148 - index / 40 + random.normal() * 0.3, 1)} dBc/Hz at 10 kHz`
}

/** Task types of a lab at work; all take `steps`, `delay`, `devices` and `start_at`. */
export const labTaskClasses: readonly (readonly [string, TaskClass])[] = [
  labTask('WavelengthSweepTask', wavelengthSweep, 200, 0.2),
  labTask('PhotonCountingTask', photonCounting, 600, 0.1),
  labTask('PulseCaptureTask', pulseCapture, 1_500, 0.02),
  labTask('ThermalSoakTask', thermalSoak, 2_700, 4),
  labTask('LifetimeTestTask', lifetimeTest, 7_200, 10),
  labTask('CalibrationTask', calibration, 40, 1),
  labTask('BeamMapTask', beamMap, 432, 0.3),
  labTask('TraceCaptureTask', traceCapture, 80, 0.5),
  labTask('FileImportTask', fileImport, 120, 0.5),
  labTask('AlignmentTask', alignment, 90, 0.5),
  labTask('PumpDownTask', pumpDown, 60, 1.5),
  labTask('FibreCouplingTask', fibreCoupling, 120, 0.3),
  labTask('DelayScanTask', delayScan, 900, 0.4),
  labTask('PhaseNoiseTask', phaseNoise, 200, 0.8),
  recordingTaskClass,
]
