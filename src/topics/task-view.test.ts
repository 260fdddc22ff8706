import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LogBuffer } from '#model/log-buffer.ts'
import { unknownTask } from '#model/task.ts'
import type { TaskSnapshot } from '#protocols/weir/stream.ts'
import { fuzzRuns } from '#testing/fuzz-runs.ts'
import { TopicStore } from '#streams/topic-store.ts'
import { TASK_VIEW } from './task-view.ts'

/*
 * A relay and a page over one log: whatever happens between them in whatever order, the page shows no line that the
 * relay has otherwise, and what it held stays, or can be read again, or is what the relay's record has lost.
 */

interface Line {
  at: number
  text: string
}

/** The newest that a relay had received may be lost when it is killed, ms. */
const LOST_MS = 500
/** Lines of a snapshot. */
const TAIL = 6

class World {
  readonly page = new TopicStore(TASK_VIEW)
  epoch = 1
  boot = 1
  first = 0
  lines: Line[] = []
  /** Lines that were in a record and are no more. */
  readonly lost = new Set<string>()
  isLive = false
  now = 1_000
  #made = 0
  #began = 0

  get total(): number {
    return this.first + this.lines.length
  }

  say(count: number, ms: number): void {
    this.now += ms
    const texts = Array.from({ length: count }, () => `line ${this.#made++}`)
    for (const text of texts) this.lines.push({ at: this.now, text })
    if (!this.isLive) return
    this.page.push([{ k: 'lines', at: this.now, kind: 'out', texts }])
  }

  evict(count: number): void {
    const gone = Math.min(count, this.lines.length)
    this.first += gone
    this.lines.splice(0, gone)
  }

  /** Killed and started again on the same record. */
  restart(lose: number): void {
    const from = (this.lines.at(-1)?.at ?? 0) - LOST_MS
    // What it began with is on disk.
    for (
      let left = lose;
      left > 0 && this.lines.length > 0 && this.total > this.#began && (this.lines.at(-1)?.at ?? 0) >= from;
      left--
    )
      this.lost.add(this.lines.pop()!.text)
    this.#began = this.total
    this.boot += 1
    this.isLive = false
  }

  /** Started again without a record that lasts. */
  forget(): void {
    this.epoch += 1
    this.first = 0
    this.lines = []
    this.#began = 0
    this.isLive = false
  }

  tell(): void {
    const from = Math.max(this.first, this.total - TAIL)
    const tail = this.lines.slice(from - this.first)
    const snapshot: TaskSnapshot = {
      task: { ...unknownTask('lab', 'labdaemon', 'a', 1), log: { first: this.first, total: this.total } },
      tail: {
        first: from,
        at: tail.map(({ at }) => at),
        kinds: tail.map(() => 0),
        texts: tail.map(({ text }) => text),
      },
    }
    this.page.snapshot(snapshot, { epoch: `e${this.epoch}`, boot: `${this.boot}`, at: this.now })
    this.isLive = true
  }

  /** The page scrolls: it reads what it lacks. */
  read(): void {
    if (!this.isLive) return
    const { log } = this.page.bulk
    for (const { from, to } of log.missing(Math.max(log.first, this.first), log.total)) {
      const lines = this.lines.slice(from - this.first, to - this.first)
      log.fill(
        from,
        lines.map(({ at }) => at),
        lines.map(() => 0),
        lines.map(({ text }) => text),
      )
    }
  }
}

function held(log: LogBuffer): Map<number, string> {
  const lines = new Map<number, string>()
  for (let line = log.first; line < log.total; line++) {
    const text = log.textOf(line)
    if (text !== undefined) lines.set(line, text)
  }
  return lines
}

const steps = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.tuple(fc.constant('say'), fc.integer({ min: 1, max: 300 }), fc.nat(3_000)) },
    { weight: 2, arbitrary: fc.tuple(fc.constant('tell')) },
    { weight: 2, arbitrary: fc.tuple(fc.constant('commit')) },
    fc.tuple(fc.constant('away')),
    fc.tuple(fc.constant('evict'), fc.integer({ min: 1, max: 400 })),
    fc.tuple(fc.constant('restart'), fc.nat(200)),
    fc.tuple(fc.constant('forget')),
    fc.tuple(fc.constant('read')),
  ),
  { minLength: 3, maxLength: 30 },
)

test('a page holds what it held, and no line that the relay has otherwise, in any order of events', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const world = new World()
      const { log } = world.page.bulk
      for (const [what, a = 0, b = 0] of all as [string, number?, number?][]) {
        const before = held(log)
        switch (what) {
          case 'say':
            world.say(a, b)
            break
          case 'tell':
            world.tell()
            break
          case 'away':
            world.isLive = false
            break
          case 'evict':
            world.evict(a)
            break
          case 'restart':
            world.restart(a)
            break
          case 'forget':
            world.forget()
            break
          case 'read':
            world.page.commit()
            world.read()
            break
        }
        if (what === 'tell' || what === 'commit' || what === 'read') world.page.commit()
        if (!world.isLive || what === 'say') continue
        world.page.commit()
        expect(log.total).toBe(world.total)
        const now = held(log)
        const ownOnes = new Set(world.lines.map(({ text }) => text))
        const shown = new Set(now.values())
        for (const [line, text] of now)
          if (line >= world.first) expect(text).toBe(world.lines[line - world.first]!.text)
        for (const text of before.values())
          if (text.startsWith('line ') && !shown.has(text))
            expect(ownOnes.has(text) || world.lost.has(text), `${text} is gone`).toBe(true)
        const said = [...now.values()].filter((text) => text.startsWith('line '))
        expect(new Set(said).size, 'a line is shown twice').toBe(said.length)
      }
    }),
    { numRuns: fuzzRuns(300) },
  )
})

test('lines that did not reach the record before Weir was stopped are cut, and it is said', () => {
  const world = new World()
  world.tell()
  world.say(10, 1)
  world.page.commit()
  world.restart(3)
  world.tell()
  world.page.commit()
  expect(world.page.bulk.log.total).toBe(7)
  expect(world.page.store.getState().cut).toBe(
    '3 lines that were shown here did not reach Weir’s record before it was stopped, and are gone',
  )
  // What the restarted one goes on with stands under the same numbers.
  world.say(5, 1)
  world.page.commit()
  expect(world.page.bulk.log.textOf(7)).toBe('line 10')
})

test('a Weir that was restarted on the same record goes on with the log, without a word', () => {
  const world = new World()
  world.tell()
  world.say(2_000, 1)
  world.say(3, 5_000)
  world.page.commit()
  world.restart(0)
  world.tell()
  world.page.commit()
  const { log } = world.page.bulk
  expect([log.first, log.total, log.has(0), log.has(1_990)]).toEqual([0, 2_003, true, false])
  world.read()
  expect(log.missing(0, 2_003)).toEqual([])
  expect(log.text(0, 2_003)).not.toContain('Weir')
  expect(world.page.store.getState()).toMatchObject({ cut: null, heldSince: null })
})
