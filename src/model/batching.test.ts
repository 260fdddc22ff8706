import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseExact, stringifyExact } from '#lib/exact-json.ts'
import { deviceEvent, taskEvent } from '#testing/arbitrary-events.ts'
import { fuzzRuns } from '#testing/fuzz-runs.ts'
import { EMPTY_RECORD, reduceDevice } from './device-events.ts'
import type { LogLine } from './log-buffer.ts'
import { reduceTask } from './reduce-task.ts'
import { unknownTask, type Task } from './task.ts'
import type { TaskEvent } from './task-events.ts'

/*
 * The relay folds events one by one, a page folds those of a frame at once, and a restart begins with a state that was
 * written down: all of them must come to the same.
 */

const NEW = unknownTask('lab', 'labdaemon', 'run-1', 1_800_000_000_000)

/** Makes writing into anything that was given away throw. */
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const part of Object.values(value)) frozen(part)
  }
  return value
}

/** Cuts a list wherever one of `cuts` says so. */
function cut<T>(list: readonly T[], cuts: readonly boolean[]): T[][] {
  const parts: T[][] = [[]]
  for (const [i, item] of list.entries()) {
    if (cuts[i % cuts.length]) parts.push([])
    parts.at(-1)!.push(item)
  }
  return parts
}

function fold(start: Task, batches: readonly (readonly TaskEvent[])[]): { task: Task; lines: LogLine[] } {
  const lines: LogLine[] = []
  let task = frozen(start)
  for (const batch of batches)
    task = frozen(reduceTask(task, frozen(batch), (at, kind, text) => lines.push({ at, kind, text })))
  return { task, lines }
}

const cuts = fc.array(fc.boolean(), { minLength: 1, maxLength: 5 })

test('how the events of a task are batched makes no difference, and nothing that was given away changes', () => {
  fc.assert(
    fc.property(fc.array(taskEvent, { maxLength: 30 }), cuts, (events, where) => {
      const byOne = fold(
        NEW,
        events.map((event) => [event]),
      )
      expect(fold(NEW, cut(events, where))).toEqual(byOne)
      expect(fold(NEW, [events])).toEqual(byOne)
    }),
    { numRuns: fuzzRuns(300) },
  )
})

test('a task that goes on from what was written down is the one that was never interrupted', () => {
  fc.assert(
    fc.property(fc.array(taskEvent, { maxLength: 30 }), fc.nat(30), (events, at) => {
      const lived = fold(NEW, [events])
      const before = fold(NEW, [events.slice(0, at)])
      const read = parseExact(stringifyExact(before.task)) as Task
      const after = fold(read, [events.slice(at)])
      expect(after.task).toEqual(lived.task)
      expect([...before.lines, ...after.lines]).toEqual(lived.lines)
    }),
    { numRuns: fuzzRuns(300) },
  )
})

test('how the events of a device are batched makes no difference, and nothing that was given away changes', () => {
  fc.assert(
    fc.property(fc.array(deviceEvent, { maxLength: 30 }), cuts, (events, where) => {
      const fold = (batches: readonly (typeof events)[]) =>
        batches.reduce((record, batch) => frozen(reduceDevice(record, frozen(batch))), frozen(EMPTY_RECORD))
      const byOne = fold(events.map((event) => [event]))
      expect(fold(cut(events, where))).toEqual(byOne)
      expect(fold([events])).toEqual(byOne)
    }),
    { numRuns: fuzzRuns(300) },
  )
})
