import { shortZone } from '#lib/locale.ts'
/** Writes times of lines in local time or in UTC. */
export class ClockText {
  readonly utc: boolean
  /** `UTC`, or the local zone by its short name. */
  readonly zone: string
  /** Where today begins and ends. */
  #todayFrom = 0
  #todayTo = 0

  constructor(utc: boolean) {
    this.utc = utc
    this.zone = utc ? 'UTC' : shortZone(new Date())
  }

  isToday(at: number): boolean {
    if (Date.now() >= this.#todayTo) {
      const midnight = new Date()
      if (this.utc) midnight.setUTCHours(0, 0, 0, 0)
      else midnight.setHours(0, 0, 0, 0)
      this.#todayFrom = midnight.getTime()
      // Days are 23 to 25 hours long where clocks are changed.
      if (this.utc) midnight.setUTCDate(midnight.getUTCDate() + 1)
      else midnight.setDate(midnight.getDate() + 1)
      this.#todayTo = midnight.getTime()
    }
    return at >= this.#todayFrom && at < this.#todayTo
  }

  /** `13:52:58.101` */
  time(at: number): string {
    const date = new Date(at)
    return this.utc
      ? clock(date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds(), date.getUTCMilliseconds())
      : clock(date.getHours(), date.getMinutes(), date.getSeconds(), date.getMilliseconds())
  }

  /** `2026-11-20` */
  day(at: number): string {
    const date = new Date(at)
    const [year, month, day] = this.utc
      ? [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()]
      : [date.getFullYear(), date.getMonth(), date.getDate()]
    return `${year}-${two(month + 1)}-${two(day)}`
  }
}

/** Both clocks in full, for a tooltip. */
export function bothClocks(at: number): string {
  const local = new ClockText(false)
  const utc = new ClockText(true)
  return `${local.day(at)} ${local.time(at)} ${shortZone(at)}\n${utc.day(at)} ${utc.time(at)} UTC`
}

function clock(hours: number, minutes: number, seconds: number, ms: number): string {
  return `${two(hours)}:${two(minutes)}:${two(seconds)}.${ms < 10 ? '00' : ms < 100 ? '0' : ''}${ms}`
}

function two(n: number): string {
  return n < 10 ? `0${n}` : String(n)
}
