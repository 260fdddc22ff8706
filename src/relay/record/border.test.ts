import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { ManualClock } from '#lib/clock.ts'
import type { TaskSummary } from '#model/task.ts'
import { MemoryStore } from '#testing/memory-store.ts'
import { TASK } from '#topics/task.ts'
import { Bounds } from './bounds.ts'
import { Tasks } from './doors.ts'
import { TopicRecord } from './record.ts'

const SOURCES = ['lab', 'bench', 'cloud'] as const
type SourceName = (typeof SOURCES)[number]

/** Weir, started on what an earlier one has written, with a list of `most` ended tasks. */
async function started(clock: ManualClock, store: MemoryStore, most: number) {
  const record = new TopicRecord({ clock, epoch: 'e', kinds: [TASK], limits: { ended: most }, store })
  record.observe(new Bounds(record, { wants: () => false }))
  await record.open(SOURCES)
  const tasks = new Tasks(record)
  return {
    tasks,
    begin: (source: SourceName, id: string) =>
      tasks.record(source, 'labdaemon', id, [
        { k: 'started', at: clock.now(), origin: 'poll', type: 'Sweep' },
      ]),
    end: (source: SourceName, id: string) =>
      tasks.record(source, 'labdaemon', id, [
        {
          k: 'outcome',
          at: clock.now(),
          status: 'completed',
          origin: 'poll',
          endedAt: clock.now(),
          endedOrigin: 'poll',
          result: null,
          error: null,
        },
      ]),
    listed(): string[] {
      record.flushRows()
      return idsIn(JSON.parse(record.rows('tasks')!.whole()) as TaskSummary[])
    },
    /** All pages of what the list does not hold. */
    async earlier(): Promise<string[]> {
      const ids: string[] = []
      let cursor: string | null = null
      do {
        const page = await tasks.page(true, { ended: true, limit: 3, ...(cursor === null ? {} : { cursor }) })
        ids.push(...idsIn(page.rows.map((json) => JSON.parse(json) as TaskSummary)))
        ;({ cursor } = page)
      } while (cursor !== null)
      return ids
    },
  }
}

const idsIn = (tasks: readonly TaskSummary[]) => tasks.map(({ source, id }) => `${source}/${id}`)

test('the list holds what runs and the newest that ended, of all sources together; all before is earlier', async () => {
  const step = fc.oneof(
    fc.record({ begin: fc.constantFrom(...SOURCES) }),
    fc.record({ end: fc.nat() }),
    fc.constant('restart' as const),
  )
  await fc.assert(
    fc.asyncProperty(fc.nat(6), fc.array(step, { maxLength: 40 }), async (most, steps) => {
      const clock = new ManualClock()
      const store = new MemoryStore()
      let weir = await started(clock, store, most)
      const running: { source: SourceName; id: string }[] = []
      const ended: string[] = []
      for (const [n, each] of steps.entries()) {
        if (each === 'restart') {
          store.isDead = true
          weir = await started(clock, store, most)
        } else if ('begin' in each) {
          running.push({ source: each.begin, id: `t${n}` })
          weir.begin(each.begin, `t${n}`)
        } else if (running.length > 0) {
          const [{ source, id }] = running.splice(each.end % running.length, 1) as [(typeof running)[0]]
          weir.end(source, id)
          ended.unshift(`${source}/${id}`)
        }
        await clock.advance(1_000)
        const runs = running.map(({ source, id }) => `${source}/${id}`)
        const listed = new Set(weir.listed())
        // What has just ended is listed until it is written, and leaves with the next that ends.
        const kept = Math.max(most, listed.size - runs.length)
        expect(kept).toBeLessThanOrEqual(most + 1)
        expect(listed).toEqual(new Set([...runs, ...ended.slice(0, kept)]))
        expect(await weir.earlier()).toEqual(ended.slice(kept))
      }
    }),
    { numRuns: 100 },
  )
})
