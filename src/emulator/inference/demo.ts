import type { Random } from '#lib/random.ts'
import { requestFor } from './cloud.ts'
import type { Cloud } from './cloud.ts'
import { Task } from './task.ts'
import { STATUS } from './wire.ts'
import type { JsonObject } from './wire.ts'

const MINUTE = 60_000

/** What somebody of this workspace runs now and then. */
interface Habit {
  readonly app: string
  readonly input: (random: Random) => JsonObject
  /** Seconds from one run's end to the next one's start. */
  readonly pause: readonly [low: number, high: number]
  /** How likely it is that the run is cancelled on the way. */
  readonly doubt?: number
}

const PROMPTS = [
  'a weir at dawn, long exposure',
  'the lower weir in flood',
  'a mill by night, one lit window',
  'fog over the sluice',
  'dusk, herons on the sill',
  'first snow on the lock gates',
] as const

const painting = (random: Random): JsonObject => ({
  prompt: random.pick(PROMPTS),
  steps: random.integer(24, 48),
  seed: random.integer(1, 99_999),
})

const TRAINING: Habit = {
  app: 'trainer',
  input: (random) => ({ dataset: 'gauges-large', epochs: random.integer(30, 60), steps: 120 }),
  pause: [0, 1],
}

const SHORT: readonly [Habit, ...Habit[]] = [
  { app: 'landscape', input: painting, pause: [4, 15] },
  { app: 'landscape', input: painting, pause: [4, 15] },
  { app: 'narrator', input: () => ({ topic: 'a weir' }), pause: [5, 20] },
  { app: 'atlas', input: () => ({ place: 'the lower weir', count: 5 }), pause: [8, 25] },
  { app: 'tide', input: (random) => ({ seed: random.integer(1, 99), frames: 24 }), pause: [8, 25] },
  { app: 'oracle', input: () => ({ text: 'How much water goes over the weir?' }), pause: [10, 30] },
  { app: 'census', input: (random) => ({ rows: random.integer(200, 600) }), pause: [10, 30] },
  { app: 'breaks', input: (random) => ({ mode: random.pick(['oom', 'midway']) }), pause: [15, 40] },
  { app: 'press', input: () => ({ title: 'Weir' }), pause: [15, 40] },
  { app: 'chime', input: (random) => ({ melody: random.pick(['lock', 'bell']) }), pause: [10, 30] },
  { app: 'sleeper', input: () => ({ seconds: 120 }), pause: [20, 60], doubt: 1 },
]

/** One thing after another in each, so that of four workers one is mostly free for visitors. */
const PLACES: readonly (readonly [Habit, ...Habit[]])[] = [[TRAINING], SHORT, SHORT]

/** Runs before anybody looked: minutes ago, app, input. */
const PAST: readonly (readonly [minutes: number, app: string, input: JsonObject])[] = [
  [182, 'trainer', { dataset: 'gauges', epochs: 6, steps: 60 }],
  [151, 'landscape', { prompt: 'a weir at dawn, long exposure', steps: 28, seed: 42 }],
  [127, 'narrator', { topic: 'a weir' }],
  [96, 'breaks', { mode: 'oom' }],
  [74, 'press', { title: 'Weir' }],
  [58, 'tide', { frames: 24, seed: 5 }],
  [41, 'census', { rows: 480 }],
  [33, 'breaks', { mode: 'midway' }],
  [26, 'chime', { melody: 'bell' }],
  [19, 'oracle', { text: 'How much water goes over the weir?' }],
  [8, 'atlas', { place: 'the mill', count: 4 }],
  [3, 'landscape', { prompt: 'dusk, herons on the sill', steps: 36, seed: 7 }],
]

/** A workspace at work: a past, a long training under way, short runs that follow each other, now and then a batch. */
export function startDemo(cloud: Cloud): void {
  const { timers } = cloud
  const random = cloud.random.fork()
  const ref = (app: string) => `weirdemo/${app}`
  for (const [minutes, app, input] of PAST)
    cloud.recall(requestFor(ref(app), input), timers.now() - minutes * MINUTE)
  addCancelled(cloud, 88)

  const later = (seconds: number, callback: () => void) =>
    timers.after((seconds * 1_000) / cloud.speed, callback)

  const follow = (place: readonly [Habit, ...Habit[]], habit: Habit, task: Task) => {
    if (habit.doubt !== undefined && random.next() < habit.doubt)
      later(random.between(15, 40), () => cloud.pool.cancel(task, false, undefined))
    const stop = task.subscribe(() => {
      if (!task.isOver) return
      stop()
      later(random.between(...habit.pause), () => begin(place))
    })
  }

  const begin = (place: readonly [Habit, ...Habit[]]) => {
    const habit = random.pick(place)
    follow(place, habit, cloud.start(requestFor(ref(habit.app), habit.input(random)), null))
  }

  for (const place of PLACES) {
    const [habit] = place
    if (habit !== TRAINING) begin(place)
    else
      follow(
        place,
        habit,
        cloud.recall(requestFor(ref(habit.app), habit.input(random)), timers.now() - 3.6 * MINUTE),
      )
  }

  const batch = () => {
    const prompt = random.pick(PROMPTS)
    for (let seed = 1; seed <= 5; seed++)
      cloud.start(requestFor(ref('landscape'), { prompt, steps: 20, seed }), null)
    later(random.between(240, 400), batch)
  }
  later(45, batch)
}

/** A run of the past that somebody cancelled. */
function addCancelled(cloud: Cloud, minutes: number): void {
  const start = cloud.now() - minutes * MINUTE
  const task = cloud.keep(
    new Task(requestFor('weirdemo/sleeper', { seconds: 3_600 }), start, () => cloud.createId()),
  )
  task.enter(STATUS.queued, start + 80)
  task.dispatch({ engineId: cloud.pool.engineId, workerId: cloud.createId() }, start + 600)
  task.enter(STATUS.preparing, start + 720)
  task.enter(STATUS.running, start + 900)
  task.log(4, 'sleeping for 3600 s\nstill here after 10 s\nasked to stop, leaving\n', start + 17_200)
  task.enter(STATUS.cancelling, start + 17_000)
  task.cancelled(start + 17_800)
}
