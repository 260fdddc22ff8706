import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { reduceCollection, type Collection, type CollectionEvent } from '#model/collection.ts'
import { fuzzRuns } from '#testing/fuzz-runs.ts'
import { LiveRows } from './rows.ts'

interface Row {
  a: number
  b: string
  /** Absent where there is nothing to say. */
  c?: number
}

/** Rows beside the source they are of; a flush has a number above all before. */
function started() {
  const source = new Map<string, Row>()
  const rows = new LiveRows<Row>({ rowOf: (key) => source.get(key) ?? null })
  let n = 0
  return {
    source,
    rows,
    set(key: string, row: Row | null): void {
      if (row) source.set(key, row)
      else source.delete(key)
      rows.mark(key)
    },
    flush(): number {
      rows.flush((n += 1))
      return n
    },
  }
}

function events(text: string | null): CollectionEvent<Row>[] {
  return text ? (JSON.parse(text) as CollectionEvent<Row>[]) : []
}

/** A page that reads now and then. */
class Page {
  rows: Collection<Row> = new Map()
  #after = 0

  read({ rows }: { rows: LiveRows<Row> }): void {
    const text = rows.since(this.#after)
    this.rows =
      text === null
        ? new Map((JSON.parse(rows.whole()) as Row[]).map((row) => [row.b, row]))
        : reduceCollection(this.rows, events(text))
    this.#after = rows.last
  }
}

test('a page that reads whenever it can has the rows as of the last flush', () => {
  const key = fc.constantFrom('k', 'l')
  const act = fc.oneof(
    { weight: 4, arbitrary: fc.record({ key, a: fc.nat(1), c: fc.option(fc.nat(1), { freq: 1 }) }) },
    { weight: 2, arbitrary: fc.record({ gone: key }) },
    { weight: 1, arbitrary: fc.record({ looked: key }) },
    { weight: 3, arbitrary: fc.constant({ flush: true as const }) },
    { weight: 3, arbitrary: fc.record({ page: fc.nat(1) }) },
  )
  fc.assert(
    fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
      const live = started()
      const pages = [new Page(), new Page()]
      let flushed = new Map<string, Row>()
      for (const each of acts) {
        if ('a' in each)
          live.set(each.key, { a: each.a, b: each.key, ...(each.c === null ? {} : { c: each.c }) })
        else if ('gone' in each) live.set(each.gone, null)
        else if ('looked' in each) live.rows.mark(each.looked)
        else if ('flush' in each) {
          live.flush()
          flushed = new Map(live.source)
        } else {
          pages[each.page]!.read(live)
          expect(pages[each.page]!.rows).toEqual(flushed)
        }
      }
      expect(JSON.parse(live.rows.whole())).toEqual(expect.arrayContaining([...flushed.values()]))
    }),
    { numRuns: fuzzRuns(300) },
  )
})

test('what is told is what changed: a new row whole, of a changed one its fields, of one that went its name', () => {
  const live = started()
  live.set('k', { a: 1, b: 'k' })
  live.set('l', { a: 1, b: 'l' })
  const first = live.flush()
  expect(events(live.rows.since(0))).toEqual([
    { k: 'put', key: 'k', item: { a: 1, b: 'k' } },
    { k: 'put', key: 'l', item: { a: 1, b: 'l' } },
  ])
  live.set('k', { a: 2, b: 'k' })
  live.set('l', null)
  live.set('never', null)
  const second = live.flush()
  expect(events(live.rows.since(first))).toEqual([
    { k: 'patch', key: 'k', patch: { a: 2 } },
    { k: 'drop', key: 'l' },
  ])
  expect(live.rows.since(second)).toBe('')
  // Further behind: as it is, in one list for all who are as far.
  const behind = live.rows.since(first - 1)
  expect(events(behind)).toEqual([
    { k: 'drop', key: 'l' },
    { k: 'put', key: 'k', item: { a: 2, b: 'k' } },
  ])
  expect(live.rows.since(first - 1)).toBe(behind)
})

test('a field that is gone from a row is gone from the row that pages have', () => {
  const live = started()
  const page = new Page()
  live.set('k', { a: 1, b: 'k', c: 1 })
  live.flush()
  page.read(live)
  live.set('k', { a: 1, b: 'k' })
  live.flush()
  page.read(live)
  expect([...page.rows.values()]).toEqual([{ a: 1, b: 'k' }])
})

test('what changes and changes back is not told, and a flush without news says nothing', () => {
  const live = started()
  const row = { a: 1, b: 'k' }
  live.set('k', row)
  const first = live.flush()
  live.set('k', { ...row, a: 2 })
  live.set('k', row)
  live.flush()
  expect(live.rows.since(first)).toBe('')
  live.flush()
  expect(live.rows.since(first)).toBe('')
})

test('the first mark since a flush asks for the next one', () => {
  const { rows, flush } = started()
  expect(rows.isMarked).toBe(false)
  expect([rows.mark('k'), rows.mark('k'), rows.mark('l')]).toEqual([true, false, false])
  expect(rows.isMarked).toBe(true)
  flush()
  expect(rows.isMarked).toBe(false)
  expect(rows.mark('k')).toBe(true)
})

test('of more rows that went than are remembered, a page that is far behind is told the whole', () => {
  const live = started()
  const keys = Array.from({ length: 4_001 }, (_, i) => `${i}`)
  for (const key of keys) live.set(key, { a: 1, b: key })
  const all = live.flush()
  const numbers = keys.map((key) => {
    live.set(key, null)
    return live.flush()
  })
  // A quarter of them was let go at once.
  expect(live.rows.since(all)).toBeNull()
  expect(live.rows.since(numbers[998]!)).toBeNull()
  expect(events(live.rows.since(numbers[999]!))).toHaveLength(3_001)
  live.set('new', { a: 1, b: 'new' })
  live.flush()
  expect(events(live.rows.since(numbers[999]!))).toHaveLength(3_002)
})

test('a row that cannot be written costs itself alone', () => {
  const said = vi.spyOn(console, 'error').mockReturnValue()
  const live = started()
  live.set('k', { a: 1n as unknown as number, b: 'k' })
  live.set('l', { a: 1, b: 'l' })
  live.flush()
  expect(events(live.rows.since(0))).toEqual([{ k: 'put', key: 'l', item: { a: 1, b: 'l' } }])
  expect(JSON.parse(live.rows.whole())).toEqual([{ a: 1, b: 'l' }])
  expect(said).toHaveBeenCalled()
  said.mockRestore()
})
