import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Frames } from './frames.ts'

let frames: Frames
let page: EventTarget & { hidden: boolean }
/** Callbacks that wait for a frame. */
let waiting: (() => void)[]
let done: string[]

beforeEach(() => {
  vi.useFakeTimers()
  page = Object.assign(new EventTarget(), { hidden: false })
  waiting = []
  done = []
  vi.stubGlobal('document', page)
  vi.stubGlobal('requestAnimationFrame', (callback: () => void) => waiting.push(callback))
  vi.stubGlobal('cancelAnimationFrame', () => {
    waiting = []
  })
  vi.stubGlobal('reportError', () => undefined)
  frames = new Frames()
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

function frame(): string[] {
  const due = waiting
  waiting = []
  done = []
  for (const callback of due) callback()
  return done
}

const says = (text: string) => () => void done.push(text)

function turn(hidden: boolean): void {
  page.hidden = hidden
  page.dispatchEvent(new Event('visibilitychange'))
}

describe('within a frame', () => {
  test('phases have an order, whatever was asked for first', () => {
    frames.request('paint', says('paint'))
    frames.request('commit', says('commit'))
    frames.request('show', says('show'))
    expect(waiting).toHaveLength(1)
    expect(frame()).toEqual(['commit', 'show', 'paint'])
    expect(waiting).toHaveLength(0)
  })

  test('what a phase asks of a later one happens at once, of itself or an earlier one in the next frame', () => {
    const paint = says('paint')
    const commit = says('later commit')
    frames.request('commit', () => {
      done.push('commit')
      frames.request('paint', paint)
      frames.request('commit', commit)
    })
    expect(frame()).toEqual(['commit', 'paint'])
    expect(waiting).toHaveLength(1)
    expect(frame()).toEqual(['later commit'])
  })

  test('work that is asked for twice runs once, and what was taken back not at all', () => {
    const work = says('work')
    const other = says('other')
    frames.request('show', work)
    frames.request('show', work)
    frames.request('show', other)
    frames.cancel('show', other)
    expect(frame()).toEqual(['work'])
  })

  test('work that throws costs nobody else their turn', () => {
    frames.request('commit', () => {
      throw new Error('of one view')
    })
    frames.request('commit', says('commit'))
    frames.request('paint', says('paint'))
    expect(frame()).toEqual(['commit', 'paint'])
    frames.request('paint', says('again'))
    expect(frame()).toEqual(['again'])
  })
})

describe('while the page is hidden', () => {
  test('what is received is taken in once a second, and nothing is shown or drawn', () => {
    turn(true)
    frames.request('paint', says('paint'))
    frames.request('commit', () => {
      done.push('commit')
      frames.request('show', says('show'))
    })
    expect(waiting).toHaveLength(0)
    vi.advanceTimersByTime(1_000)
    expect(done).toEqual(['commit'])
    vi.advanceTimersByTime(10_000)
    expect(done).toEqual(['commit'])
    turn(false)
    expect(done).toEqual(['commit', 'show', 'paint'])
  })

  test('a frame that was asked for just before does not stay away', () => {
    frames.request('commit', says('commit'))
    turn(true)
    vi.advanceTimersByTime(1_000)
    expect(done).toEqual(['commit'])
  })
})
