import { expect, test } from 'vitest'
import { isAnotherServer, Restarts, RunSigns } from './restarts.ts'

/** A run that made so many steps, one a tenth of a second, when its stream was lost. */
function runOf(steps: number, total: number | null = 500) {
  const signs = new RunSigns()
  for (let step = 0; step <= steps; step++) signs.take({ step, total, at: step * 100 })
  const lostAt = steps * 100
  return (step: number, { after = 2_000, refused = false, of = total } = {}) =>
    signs.isAnother({ step, total: of, at: lostAt + after }, lostAt, refused)
}

test('steps that fell, or have another total, are another run’s', () => {
  expect(runOf(54)(16)).toBe(true)
  expect(runOf(54)(16, { of: 100 })).toBe(true)
  expect(runOf(54)(74, { of: 100 })).toBe(true)
  expect(runOf(54)(54)).toBe(false)
  expect(runOf(54)(74)).toBe(false)
})

test('a run whose steps fell before, or whose total grew, may do so again', () => {
  const passes = new RunSigns()
  for (const [at, step] of [0, 1, 2, 0, 1, 2].entries()) passes.take({ step, total: 3, at })
  expect(passes.isAnother({ step: 0, total: 3, at: 100 }, 6, false)).toBe(false)
  const growing = new RunSigns()
  for (const [at, step] of [0, 1, 2, 3].entries()) growing.take({ step, total: step + 10, at })
  expect(growing.isAnother({ step: 9, total: 19, at: 100 }, 6, false)).toBe(false)
})

test('where the server was down, only what no new run can have reached is the same run', () => {
  expect(runOf(20)(40, { refused: true })).toBe(true)
  expect(runOf(5_000)(5_020, { refused: true })).toBe(false)
  expect(runOf(5_000)(5_020, { refused: true, after: 600_000 })).toBe(true)
  expect(new RunSigns().isAnother({ step: 3, total: 9, at: 5 }, 1, true)).toBe(true)
})

test('a list that lacks tasks and keeps fewer ended ones is another server’s', () => {
  expect(isAnotherServer(0, { before: 0, now: 0 })).toBe(false)
  expect(isAnotherServer(1, { before: 0, now: 0 })).toBe(true)
  // One that ended and was let go at once, where few are kept.
  expect(isAnotherServer(1, { before: 1, now: 1 })).toBe(false)
  expect(isAnotherServer(3, { before: 20, now: 20 })).toBe(false)
  expect(isAnotherServer(20, { before: 20, now: 2 })).toBe(true)
})

test('many signs of one restart count once, those of a second one again', () => {
  const restarts = new Restarts()
  restarts.listed(1_000)
  restarts.broken(1_500)
  restarts.refused(1_501)
  const first = restarts.listed(3_000)
  expect(first).toEqual({ since: 1_501, wasDown: true })
  restarts.note(3_000, first.since)
  restarts.note(9_000, 1_500)
  expect(restarts.listed(4_000)).toEqual({ since: 3_000, wasDown: false })
  restarts.note(4_000, 3_000)
  expect(restarts.count).toBe(1)
  restarts.broken(20_000)
  restarts.note(22_000, 20_000)
  expect(restarts.count).toBe(2)
})

test('one refusal alone is no outage', () => {
  const restarts = new Restarts()
  restarts.refused(10)
  expect(restarts.listed(20).wasDown).toBe(false)
  restarts.refused(30)
  restarts.refused(40)
  expect(restarts.listed(50).wasDown).toBe(true)
})
