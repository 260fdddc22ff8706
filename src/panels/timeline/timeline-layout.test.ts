import { describe, expect, test } from 'vitest'
import type { Phase } from '#model/task.ts'
import { layoutTimeline, timePerStatus, timelineTicks, type TimelineTask } from './timeline-layout.ts'

const phase = (status: Phase['status'], at: number, note: string | null = null): Phase => ({
  status,
  at,
  origin: 'poll',
  note,
})
const task = (over: Partial<TimelineTask>): TimelineTask => ({
  phases: [],
  firstSeenAt: 1_000,
  startedAt: 1_000,
  endedAt: null,
  eventAt: null,
  status: 'running',
  detail: { gaps: [] },
  ...over,
})

describe('the timeline of a task', () => {
  test('lasts until now while the task runs', () => {
    const layout = layoutTimeline(task({ phases: [phase('running', 1_000), phase('paused', 4_000)] }), 5_000)
    expect(layout.phases.map(({ from, to, open, left, width }) => ({ from, to, open, left, width }))).toEqual(
      [
        { from: 1_000, to: 4_000, open: false, left: 0, width: 0.75 },
        { from: 4_000, to: 5_000, open: true, left: 0.75, width: 0.25 },
      ],
    )
  })

  test('ends what is out of date where it was last seen', () => {
    const layout = layoutTimeline(task({ phases: [phase('running', 1_000)] }), 5_000, 2_000)
    expect(layout.phases.map(({ to, width }) => [to, width])).toEqual([[2_000, 0.25]])
    expect(layout.unseen).toEqual({ left: 0.25, width: 0.75 })
    expect(layoutTimeline(task({}), 5_000).unseen).toBeNull()
  })

  test('knows a lost task to have run until its last event only', () => {
    const layout = layoutTimeline(
      task({
        phases: [phase('running', 1_000), phase('lost', 5_000)],
        status: 'lost',
        endedAt: 5_000,
        eventAt: 2_000,
      }),
      9_000,
    )
    expect(layout.phases.map(({ from, to }) => [from, to])).toEqual([
      [1_000, 2_000],
      [5_000, null],
    ])
    expect(layout.unseen).toEqual({ left: 0.25, width: 0.75 })
  })

  test('ends with the task; the state it ended in has no length', () => {
    const layout = layoutTimeline(
      task({
        phases: [phase('running', 1_000), phase('completed', 3_000)],
        status: 'completed',
        endedAt: 3_000,
      }),
      99_000,
    )
    expect(layout.to).toBe(3_000)
    expect(layout.phases.map(({ to, width, open }) => [to, width, open])).toEqual([
      [3_000, 1, false],
      [null, 0, false],
    ])
  })

  test('brings phases that were learnt late into order', () => {
    // The cancel was asked at 5 s by our clock; the source says the task had ended at 4 s.
    const layout = layoutTimeline(
      task({
        phases: [phase('running', 1_000), phase('cancelling', 5_000), phase('cancelled', 4_000)],
        status: 'cancelled',
        endedAt: 4_000,
      }),
      9_000,
    )
    expect(layout.phases.map(({ from, to }) => [from, to])).toEqual([
      [1_000, 4_000],
      [4_000, 4_000],
      [4_000, null],
    ])
  })

  test('says that a task it did not see begin ran before', () => {
    const layout = layoutTimeline(
      task({ startedAt: null, firstSeenAt: 2_000, phases: [phase('running', 2_000)] }),
      4_000,
    )
    expect(layout.from).toBe(2_000)
    expect(layout.beganBefore).toBe(true)
  })

  test('draws what was missed before Weir listened from the start, other holes where they were noticed', () => {
    const gap = (cause: 'late' | 'dropped', at: number) => ({ at, cause, text: cause, missed: null })
    const layout = layoutTimeline(
      task({
        phases: [phase('running', 1_000)],
        detail: { gaps: [gap('late', 2_000), gap('dropped', 4_000), gap('dropped', 99_000)] },
      }),
      5_000,
    )
    expect(layout.gaps.map(({ left, width }) => [left, width])).toEqual([
      [0, 0.25],
      [0.75, 0],
      [1, 0],
    ])
  })

  test('stands with nothing known', () => {
    const layout = layoutTimeline(task({ startedAt: null }), 1_000)
    expect(layout.phases).toEqual([])
    expect(layout.to - layout.from).toBe(0)
  })

  test('a task that started again has phases after an end', () => {
    const layout = layoutTimeline(
      task({ phases: [phase('running', 1_000), phase('failed', 2_000), phase('running', 3_000)] }),
      5_000,
    )
    expect(layout.phases.map(({ from, to }) => [from, to])).toEqual([
      [1_000, 2_000],
      [2_000, 3_000],
      [3_000, 5_000],
    ])
  })
})

test('time is summed by status, longest first', () => {
  const { phases } = layoutTimeline(
    task({ phases: [phase('running', 1_000), phase('paused', 3_000), phase('running', 4_000)] }),
    6_000,
  )
  expect(timePerStatus(phases)).toEqual([
    { status: 'running', ms: 4_000 },
    { status: 'paused', ms: 1_000 },
  ])
})

test('marks stand at even times', () => {
  expect(timelineTicks(0, 60_000, 6).map(({ ms }) => ms / 1_000)).toEqual([0, 10, 20, 30, 40, 50, 60])
  expect(timelineTicks(0, 3_700_000, 5).map(({ ms }) => ms / 60_000)).toEqual([0, 15, 30, 45, 60])
  expect(timelineTicks(0, 9 * 86_400_000, 4).map(({ ms }) => ms / 86_400_000)).toEqual([0, 3, 6, 9])
  expect(timelineTicks(5, 5, 4)).toEqual([])
})
