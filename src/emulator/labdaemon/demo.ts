import type { Random } from '#lib/random.ts'
import type { Daemon } from './daemon.ts'
import type { PyDict } from './python-json.ts'
import { isRefusal, startTask } from './start-task.ts'
import type { TaskId } from './task.ts'

/** `stream-…` devices of finished tasks that stay listed; a real server keeps all for ever (§5.6). */
const STREAMS_KEPT = 60

/** A place in the lab where one kind of work follows another, without end. */
interface Place {
  readonly kind: string
  readonly type: string
  readonly devices?: readonly string[]
  readonly steps: readonly [low: number, high: number]
  readonly delay: readonly [low: number, high: number]
  /** Seconds from one task's end to the next one's start. */
  readonly pause: readonly [low: number, high: number]
  /** What is special about it. */
  readonly extra?: (random: Random, steps: number) => PyDict
}

const PLACES: readonly Place[] = [
  {
    kind: 'lifetime',
    type: 'LifetimeTestTask',
    steps: [7_200, 7_200],
    delay: [10, 10],
    pause: [30, 60],
  },
  {
    kind: 'soak',
    type: 'ThermalSoakTask',
    devices: ['chamber1'],
    steps: [2_400, 3_200],
    delay: [4, 4],
    pause: [20, 60],
  },
  {
    kind: 'soak',
    type: 'ThermalSoakTask',
    devices: ['chamber2'],
    steps: [4_000, 6_000],
    delay: [2, 2],
    pause: [20, 60],
    extra: () => ({ celsius: -40 }),
  },
  {
    kind: 'sweep',
    type: 'WavelengthSweepTask',
    devices: ['laser2', 'daq3'],
    steps: [160, 320],
    delay: [0.12, 0.25],
    pause: [6, 20],
  },
  {
    kind: 'sweep',
    type: 'WavelengthSweepTask',
    steps: [240, 480],
    delay: [0.3, 0.6],
    pause: [10, 30],
    extra: () => ({ start_nm: 1_260, stop_nm: 1_360 }),
  },
  { kind: 'acq', type: 'PhotonCountingTask', steps: [300, 800], delay: [0.1, 0.1], pause: [5, 15] },
  { kind: 'pulses', type: 'PulseCaptureTask', steps: [1_000, 2_400], delay: [0.02, 0.04], pause: [8, 25] },
  {
    kind: 'cal',
    type: 'CalibrationTask',
    steps: [24, 48],
    delay: [0.7, 1.4],
    pause: [8, 30],
    extra: (random, steps) =>
      random.next() < 0.4 ? { fail_at: random.integer(5, steps - 2), fault: random.integer(0, 3) } : {},
  },
  {
    kind: 'beammap',
    type: 'BeamMapTask',
    devices: ['stage1', 'camera1'],
    steps: [432, 432],
    delay: [0.25, 0.45],
    pause: [10, 30],
  },
  { kind: 'trace', type: 'TraceCaptureTask', steps: [60, 120], delay: [0.5, 0.8], pause: [15, 40] },
  { kind: 'import', type: 'FileImportTask', steps: [80, 200], delay: [0.5, 0.5], pause: [10, 30] },
  {
    kind: 'align',
    type: 'AlignmentTask',
    steps: [60, 120],
    delay: [0.5, 0.8],
    pause: [10, 30],
    extra: (random) => ({ wait_seconds: random.integer(120, 420) }),
  },
  {
    kind: 'pumpdown',
    type: 'PumpDownTask',
    devices: ['vacuum1'],
    steps: [48, 72],
    delay: [1.2, 2],
    pause: [20, 60],
  },
  { kind: 'coupling', type: 'FibreCouplingTask', steps: [70, 180], delay: [0.25, 0.4], pause: [5, 15] },
  { kind: 'delay', type: 'DelayScanTask', steps: [600, 1_200], delay: [0.3, 0.5], pause: [10, 30] },
  { kind: 'noise', type: 'PhaseNoiseTask', steps: [150, 300], delay: [0.6, 1], pause: [10, 30] },
  {
    kind: 'record',
    type: 'StreamRecordingTask',
    devices: ['digitizer1'],
    steps: [2_400, 4_800],
    delay: [1, 1],
    pause: [10, 20],
  },
]

/**
 * A lab at work: in each place a task runs, mostly one that began some time ago, and another follows with a
 * fresh id when it ends. One records from a device that streams to it (LabDaemon wire contract §5.5). Laser 1,
 * the other DAQs and sensors of the bench, and most of what the lab adds to it stay free for visitors.
 */
export function startDemo(daemon: Daemon): void {
  const { timers, random, ms } = daemon.host
  const places = new Map<TaskId, Place>()

  const begin = (place: Place, age: number) => {
    const steps = random.integer(...place.steps)
    const delay = Number(random.between(...place.delay).toFixed(3))
    const id = freshId(daemon, place.kind, timers.now() - ms(age * steps * delay))
    const task = startTask(daemon, {
      task_id: id,
      task_type: place.type,
      params: {
        steps,
        delay,
        devices: [...(place.devices ?? [])],
        start_at: Math.floor(age * steps),
        ...place.extra?.(random, steps),
      },
    })
    if (!isRefusal(task) && task.running) places.set(id, place)
    else if (isRefusal(task) && task.type === 'DeviceInUse') follow(place)
  }

  const follow = (place: Place) => {
    timers.after(ms(random.between(...place.pause)), () => begin(place, 0))
  }

  daemon.onTaskEnd((task) => {
    forgetOldStreams(daemon)
    const place = places.get(task.id)
    places.delete(task.id)
    if (place) follow(place)
  })

  for (const kind of ['sweep', 'cal', 'coupling', 'cal', 'acq', 'beammap']) {
    const place = PLACES.find((each) => each.kind === kind)
    if (place) leaveBehind(place)
  }
  PLACES.forEach((place, index) => {
    if (index % 5 === 4) timers.after(ms(random.between(4, 40)), () => begin(place, 0))
    else begin(place, random.between(0.05, 0.75))
  })

  /** A task that ended before anybody looked. */
  function leaveBehind(place: Place): void {
    begin({ ...place, devices: [] }, 1)
  }
}

/** `sweep-1120-235450`: unique by the second at which the work began, or by a suffix. */
function freshId(daemon: Daemon, kind: string, startedAt: number): string {
  const [date = '', time = ''] = new Date(startedAt).toISOString().slice(5, 19).split('T')
  const id = `${kind}-${date.replaceAll('-', '')}-${time.replaceAll(':', '')}`
  let candidate = id
  for (let number = 2; daemon.devices.has(`stream-${candidate}`) || daemon.tasks.has(candidate); number++)
    candidate = `${id}-${number}`
  return candidate
}

/** Keeps the device list short enough to look at after days. */
function forgetOldStreams(daemon: Daemon): void {
  const old = [...daemon.devices.values()].filter(
    ({ id, streaming }) =>
      id.startsWith('stream-') && streaming?.active !== true && !daemon.tasks.has(id.slice('stream-'.length)),
  )
  for (const { id } of old.slice(0, Math.max(0, old.length - STREAMS_KEPT))) daemon.devices.delete(id)
}
