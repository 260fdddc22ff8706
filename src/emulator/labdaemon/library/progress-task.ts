import { PyError, toFloat } from '../python-error.ts'
import { float } from '../python-json.ts'
import type { PyDict, PyValue } from '../python-json.ts'
import type { Run, Send, TaskContext, TaskModel } from '../task.ts'
import { Params } from './params.ts'

/** What a step shows: its message and the result so far. */
interface Step {
  readonly message: string
  readonly current: PyValue
  /** Seconds to sit still after it: a settling oven, a person fetched. */
  readonly rest?: number
  /** False: nothing is sent for this step. */
  readonly send?: boolean
}

/** A task that goes step by step and tells of each; everything but `step` has a default. */
export interface ProgressPlan {
  readonly steps: number
  readonly delay: number
  readonly deviceIds?: readonly string[]
  /** Streams unless told not to; otherwise only when told to. */
  readonly streams?: boolean
  /** True: sleeps end at once when the task is cancelled. */
  readonly prompt?: boolean
  /** True: `set_parameter('delay', …)` is understood. */
  readonly adjustable?: boolean
  step(index: number, context: TaskContext): Step
  /** The outcome; may raise. */
  finish?(context: TaskContext): PyValue
  cancelled?(done: number, context: TaskContext): PyValue
}

/** Payload of a step: the seed's shape (LabDaemon wire contract §4). */
export function progress(step: number, total: number, current: PyValue, message: string): PyDict {
  return {
    step,
    total,
    progress_percent: float((step / total) * 100),
    current_result: current,
    message,
  }
}

/** A task that follows a plan. `start_at` skips steps that are thought to lie in the past. */
export function progressTask(given: PyDict, plan: ProgressPlan): TaskModel {
  const params = new Params(given)
  const first = params.integer(0, 'start_at')
  let delay = plan.delay

  function* run(context: TaskContext): Run {
    const pause = (seconds: number) =>
      plan.prompt === true ? context.sleepUnlessCancelled(seconds) : context.sleep(seconds)
    const send = yield* openStream(context, params, plan.streams ?? false)
    if (params.startDelay > 0) yield pause(params.startDelay)
    for (let index = first; index < plan.steps; index++) {
      yield pause(delay)
      yield context.resumed()
      if (context.isCancelled) return plan.cancelled?.(index, context) ?? cancelledAt(index)
      const step = plan.step(index, context)
      if (step.send !== false) send(progress(index, plan.steps, step.current, step.message))
      if (step.rest !== undefined) yield pause(step.rest)
    }
    if (context.isCancelled) return plan.cancelled?.(plan.steps, context) ?? cancelledAt(plan.steps)
    return plan.finish?.(context) ?? { status: 'completed' }
  }

  return {
    deviceIds: plan.deviceIds ?? [],
    run,
    ...(plan.adjustable === true
      ? {
          setParameter: (key: string, value: PyValue) => {
            if (key !== 'delay') throw new PyError('ValueError', `unknown parameter '${key}'`)
            const seconds = toFloat(value)
            if (!(seconds > 0 && seconds <= 10))
              throw new PyError('ValueError', 'delay must be more than 0 and at most 10 s')
            delay = seconds
          },
        }
      : {}),
  }
}

/** Makes the task's stream device, at once or late (LabDaemon wire contract §5.10), or not at all. */
export function* openStream(
  context: TaskContext,
  params: Params,
  byDefault: boolean,
): Generator<ReturnType<TaskContext['sleep']>, Send, void> {
  if (!params.streaming(byDefault)) return () => {}
  if (params.streamAfter > 0) yield context.sleep(params.streamAfter)
  return context.openStream()
}

function cancelledAt(done: number): PyDict {
  return { status: 'cancelled', progress: done }
}
