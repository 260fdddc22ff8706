import { uptime } from 'node:os'
import { realClock, type Clock } from '#lib/clock.ts'

/** The machine's clocks. Its up time counts sleep, which the monotonic clock leaves out: the rest was slept. */
export const machineClock: Clock = {
  ...realClock,
  slept: () => uptime() * 1_000 - realClock.monotonic(),
}
