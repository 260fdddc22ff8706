import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { isLike } from './drafts.ts'

/** A tab: its storage lives over reloads, its page does not. */
let kept: Map<string, string>
let reloads: number

beforeEach(() => {
  kept = new Map()
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => kept.set(key, text),
    removeItem: (key: string) => kept.delete(key),
  })
  reloads = 0
  vi.stubGlobal('location', {
    reload: () => {
      reloads += 1
    },
  })
})
afterEach(() => {
  vi.unstubAllGlobals()
})

async function load() {
  vi.resetModules()
  return { ...(await import('./drafts.ts')), ...(await import('./exact-json.ts')) }
}

test('what was typed is there after a reload, exactly, until its form is there again', async () => {
  const first = await load()
  first.keepDraft('form', () => ({ seed: first.parseExact('9007199254740993'), text: 'a\ud800b' }))
  first.keepDraft('untouched', () => undefined)
  first.reloadPage()
  const second = await load()
  expect(second.stringifyExact(second.draftBefore('form'))).toBe(
    '{"seed":9007199254740993,"text":"a\\ud800b"}',
  )
  expect(second.draftBefore('untouched')).toBeUndefined()
  // Its screen is not opened this time.
  second.reloadPage()
  const third = await load()
  expect(third.draftBefore('form')).toBeDefined()
  const sent = third.keepDraft('form', () => 'more')
  expect(third.draftBefore('form')).toBeUndefined()
  sent()
  third.reloadPage()
  expect(kept.size).toBe(0)
})

test('a page that the browser loads anew begins anew', async () => {
  const first = await load()
  first.keepDraft('form', () => 'text')
  first.reloadPage()
  expect((await load()).draftBefore('form')).toBe('text')
  expect((await load()).draftBefore('form')).toBeUndefined()
})

test('a storage that is blocked, full or holds something else harms nothing', async () => {
  kept.set('weir:drafts', '{"form":')
  expect((await load()).draftBefore('form')).toBeUndefined()
  vi.stubGlobal('sessionStorage', {
    getItem: () => {
      throw new Error('blocked')
    },
    removeItem: () => undefined,
    setItem: () => {
      throw new Error('full')
    },
  })
  const drafts = await load()
  drafts.keepDraft('form', () => 'text')
  drafts.reloadPage()
  expect(reloads).toBe(1)
})

test('only what has the shape that a form has now is taken', () => {
  const model = { text: '', on: false, rows: [{ a: '' }], deep: { n: 1 } }
  expect(isLike({ text: 'x', on: true, rows: [], deep: { n: 2 }, more: 1 }, model)).toBe(true)
  const others = [
    undefined,
    null,
    'text',
    [],
    { ...model, text: 1 },
    { ...model, rows: {} },
    { ...model, deep: null },
    { ...model, deep: {} },
  ]
  expect(others.filter((value) => isLike(value, model))).toEqual([])
})
