import { stringifyExact } from '#lib/exact-json.ts'
import { report } from '#lib/isolate.ts'
import type { LogLineKind } from '#model/log-buffer.ts'
import type { AnyKind } from '#topics/kind.ts'
import { ownFault } from '../own-fault.ts'

interface Line {
  at: number
  kind: LogLineKind
  text: string
}

/** What events come to. */
export interface Entered {
  state: unknown
  lines: Line[]
  events: readonly unknown[]
  /** The events' JSON, separated by commas. */
  json: string
  count: number
}

/** Folds events into a state, each written before it counts; one that fails is said in its place. Pure but for reports. */
export function entering(kind: AnyKind, state: unknown, events: readonly unknown[], at: number): Entered {
  try {
    return folded(kind, state, events)
  } catch (error) {
    report(error)
    if (events.length <= 1) {
      const fault = kind.fault(at, ownFault(error)) as unknown
      return folded(kind, state, fault === null ? [] : [fault])
    }
  }
  let all: Entered = { state, lines: [], events: [], json: '', count: 0 }
  for (const event of events) {
    const next = entering(kind, all.state, [event], at)
    all = {
      state: next.state,
      lines: [...all.lines, ...next.lines],
      events: [...all.events, ...next.events],
      json: all.json === '' ? next.json : `${all.json},${next.json}`,
      count: all.count + next.count,
    }
  }
  return all
}

function folded(kind: AnyKind, state: unknown, events: readonly unknown[]): Entered {
  const json = stringifyExact(events).slice(1, -1)
  const lines: Line[] = []
  const next = kind.reduce(state, events, (at, lineKind, text) => {
    lines.push({ at, kind: lineKind, text })
  }) as unknown
  return { state: next, lines, events, json, count: events.length }
}
