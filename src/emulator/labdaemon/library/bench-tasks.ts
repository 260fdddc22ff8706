import { PyError } from '../python-error.ts'
import { PyFloats, PyOpaque, float, rounded } from '../python-json.ts'
import type { PyDict, PyValue } from '../python-json.ts'
import { bind } from '../signature.ts'
import { taskCancelled } from '../task.ts'
import type { Run, TaskClass, TaskContext, TaskModel } from '../task.ts'
import { HOSTILE_MESSAGES, ODD_PAYLOADS } from './hostile.ts'
import { Params } from './params.ts'
import { openStream, progress, progressTask } from './progress-task.ts'

const COMPLETED: PyDict = { status: 'completed' }

type Create = (params: Params, given: PyDict) => TaskModel

/** A task class registered under its own name, or under `registeredAs`. */
export function taskClass(className: string, create: Create, registeredAs = className): [string, TaskClass] {
  return [registeredAs, { className, create: (_id, given) => create(new Params(given), given) }]
}

/** A task without claims. */
const plain = (run: (context: TaskContext) => Run): TaskModel => ({ deviceIds: [], run })

/** The seed's task: `Processing step 3/40`, a slow sine as the result. */
function longRunning(params: Params, given: PyDict): TaskModel {
  const steps = params.steps(100)
  const device = params.text('', 'device_id')
  return progressTask(given, {
    steps,
    delay: params.delay(0.1),
    deviceIds: device === '' ? [] : [device],
    step: (index) => ({
      message: `Processing step ${index}/${steps}`,
      current: rounded(Math.sin(index / 50), 6),
    }),
    finish: () => ({ status: 'completed', steps, result: rounded(Math.sin((steps - 1) / 50), 6) }),
  })
}

function sweep(params: Params, given: PyDict): TaskModel {
  const powers: number[] = []
  const steps = params.steps(100)
  return progressTask(given, {
    steps,
    delay: params.delay(0.1),
    deviceIds: [params.text('laser1', 'laser_id'), params.text('daq1', 'daq_id')],
    streams: true,
    step: (index) => {
      const power = Number((-3 - 2 * Math.cos(index / 25)).toFixed(3))
      powers.push(power)
      const nanometres = (1550 + index * 0.01).toFixed(2)
      return { message: `${nanometres} nm, ${power.toFixed(2)} dBm`, current: float(power) }
    },
    finish: () => ({ status: 'completed', progress: 100, powers: new PyFloats(powers) }),
    cancelled: (done) => ({ status: 'cancelled', progress: done, powers: new PyFloats(powers) }),
  })
}

function pausable(params: Params, given: PyDict): TaskModel {
  const label = params.text('first', 'label')
  return progressTask(given, {
    steps: params.steps(600),
    delay: params.delay(0.1),
    streams: true,
    adjustable: true,
    step: (index) => ({ message: `${label}: step ${index}`, current: index * index }),
  })
}

function failing(params: Params, given: PyDict): TaskModel {
  const steps = params.steps(10)
  const failAt = params.integer(3, 'fail_at')
  return progressTask(given, {
    steps,
    delay: params.delay(0.2),
    streams: true,
    step: (index) => {
      if (index >= failAt)
        throw new PyError(
          'RuntimeError',
          params.text('lock lost at 1552.1 nm: <i>photodiode</i> saturated', 'error', 'error_message'),
        )
      return { message: `step ${index} of ${steps}`, current: null }
    },
  })
}

/** Ends on cancel without a word: looks completed (§5.7). */
function slow(params: Params, given: PyDict): TaskModel {
  const duration = params.number(30, 'duration', 'seconds')
  return plain(function* (context): Run {
    const send = yield* openStream(context, new Params(given), false)
    for (let tenth = 0; tenth < duration * 10 && !context.isCancelled; tenth++) {
      yield context.resumed()
      yield context.sleep(0.1)
      if (tenth % 10 === 0)
        send(progress(tenth, Math.ceil(duration * 10), null, `${tenth / 10} s of ${duration} s`))
    }
    return null
  })
}

/** Ignores cancel (§5.7). */
function stubborn(params: Params): TaskModel {
  return plain(function* (context): Run {
    const send = yield* openStream(context, params, false)
    const seconds = params.number(4, 'duration', 'seconds')
    for (let second = 0; second < seconds; second++) {
      yield context.sleep(Math.min(1, seconds - second))
      send(progress(second, Math.ceil(seconds), null, 'not listening'))
    }
    return COMPLETED
  })
}

/** Raises on cancel: looks failed (§5.7). */
function raisingCancel(params: Params): TaskModel {
  return plain(function* (context): Run {
    const send = yield* openStream(context, params, false)
    const steps = params.steps(300)
    for (let step = 0; step < steps; step++) {
      if (context.isCancelled) throw taskCancelled('stopped by the operator')
      yield context.sleep(params.delay(0.1))
      send(progress(step, steps, null, `step ${step} of ${steps}`))
    }
    return COMPLETED
  })
}

/** Returns any kind of result: `kind`, or the `result` given, or `megabytes` of text or numbers. */
function result(params: Params): TaskModel {
  return plain(function* (context): Run {
    yield context.sleep(params.delay(0.05))
    return params.raw('result', 'value') ?? resultOf(params)
  })
}

function resultOf(params: Params): PyValue {
  const bytes = params.number(5, 'megabytes', 'size_mb') * 1e6
  switch (params.text('nested', 'kind')) {
    case 'nan':
      return { value: float(NaN) }
    case 'numpy':
      return new PyOpaque('ndarray')
    case 'bytes':
      return new PyOpaque('bytes')
    case 'none':
      return null
    case 'text':
      return 'done <b>and</b> dusted'
    case 'big-text':
      return 'x'.repeat(bytes)
    case 'big':
      return { status: 'completed', trace: new PyFloats(Array.from({ length: bytes / 9 }, wave)) }
    default:
      return { a: { b: [1, 2, { c: true }] } }
  }
}

const wave = (_: unknown, index: number) => Number(Math.sin(index / 1_000).toFixed(6))

/** Starts others: two that fail and the rest long (§5.7: children have no stored errors). */
function swarm(params: Params): TaskModel {
  return plain(function* (context): Run {
    yield context.resumed()
    const count = params.integer(12, 'count', 'children', 'n')
    for (let child = 1; child <= count; child++)
      context.startChild(`${context.taskId}-${child}`, child <= 2 ? 'FailingTask' : 'LongRunningTask', {
        enable_streaming: true,
        steps: params.steps(100),
        delay: params.delay(0.2),
      })
    return COMPLETED
  })
}

/** Text that a page must not believe (§2: messages hold raw text). */
function hostile(params: Params, given: PyDict): TaskModel {
  return plain(function* (context): Run {
    const send = yield* openStream(context, params, true)
    const total = HOSTILE_MESSAGES.length
    yield context.sleep(new Params(given).number(1.2, 'start_delay'))
    for (const [step, message] of HOSTILE_MESSAGES.entries()) {
      if (context.isCancelled) return COMPLETED
      if (step > 0) yield context.sleep(params.delay(0.2))
      send({ ...progress(step, total, float(1), message), '<i>key</i>': '__proto__' })
    }
    return COMPLETED
  })
}

/** Payloads that do not have the usual shape. */
function oddProgress(params: Params): TaskModel {
  return plain(function* (context): Run {
    const send = yield* openStream(context, params, true)
    yield context.sleep(params.number(1.2, 'start_delay'))
    for (const [index, payload] of ODD_PAYLOADS.entries()) {
      if (context.isCancelled) return COMPLETED
      if (index > 0) yield context.sleep(params.delay(0.2))
      send(payload)
    }
    return COMPLETED
  })
}

/** Streams from a device itself, and gets less when somebody watches that device (§5.5). */
function acquisition(params: Params): TaskModel {
  const deviceId = params.text('daq2', 'daq_id', 'device_id')
  return {
    deviceIds: [deviceId],
    *run(context): Run {
      const send = yield* openStream(context, params, false)
      const wanted = params.integer(13, 'blocks', 'steps')
      const deadline = context.now() + params.number(6, 'duration', 'seconds') * 1_000
      let blocks = 0
      const streaming = context.device(deviceId).streaming
      streaming?.start(() => {
        blocks++
        send(progress(blocks, wanted, blocks, `block ${blocks} of ${wanted}`))
      })
      while (blocks < wanted && context.now() < deadline && !context.isCancelled) yield context.sleep(0.1)
      streaming?.stop()
      return { status: context.isCancelled ? 'cancelled' : 'completed', blocks }
    },
  }
}

/** Holds a device's lock, which makes whoever asks for it wait, and everybody behind (§5.12). */
function lockHolding(params: Params): TaskModel {
  const deviceId = params.text('laser1', 'device_id', 'laser_id')
  return {
    deviceIds: [deviceId],
    *run(context): Run {
      const seconds = params.number(3, 'seconds', 'duration')
      context.device(deviceId).lockedUntil = context.now() + seconds * 1_000
      yield context.sleep(seconds)
      return COMPLETED
    },
  }
}

/** The task types of the recordings, under the names they are registered with. */
export const benchTaskClasses: readonly (readonly [string, TaskClass])[] = [
  taskClass('LongRunningTask', longRunning),
  taskClass('SweepTask', sweep),
  taskClass('PausableTask', pausable),
  taskClass('FailingTask', failing),
  taskClass('SlowTask', slow),
  taskClass('StubbornTask', stubborn),
  taskClass('RaisingCancelTask', raisingCancel),
  taskClass('ResultTask', result),
  taskClass('SwarmTask', swarm),
  taskClass('HostileTask', hostile),
  taskClass('OddProgressTask', oddProgress),
  taskClass('AcquisitionTask', acquisition),
  taskClass('LockHoldingTask', lockHolding),
  taskClass('LateStreamTask', (params, given) =>
    longRunning(params, { enable_streaming: true, stream_after: 1, ...given }),
  ),
  taskClass('FastTask', (_params, given) =>
    longRunning(new Params({ steps: 1_000, delay: 0.002, ...given }), { enable_streaming: true, ...given }),
  ),
  taskClass('InstantTask', () => plain(instant)),
  taskClass('InstantTask', () => plain(instant), 'quick-look'),
  taskClass('InstantFailTask', () =>
    plain(() => {
      throw new PyError('ValueError', 'refused at the door')
    }),
  ),
  taskClass('StrictTask', (_params, given) => {
    bind('StrictTask.__init__', [{ name: 'wavelength', type: 'number' }], [], given)
    return plain(instant)
  }),
  taskClass('BadDefinitionTask', () => ({ deviceIds: 'laser1', run: instant })),
]

function* instant(context: TaskContext): Run {
  yield context.resumed()
  return COMPLETED
}
