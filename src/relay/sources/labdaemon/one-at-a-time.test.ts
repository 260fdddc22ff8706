import { expect, test } from 'vitest'
import { OneAtATime } from './one-at-a-time.ts'

/** What is still under way, ended by hand. */
function gate() {
  let open!: () => void
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { opened, open }
}

test('one after another within a kind; one that fails, however it does, fails alone', async () => {
  const turns = new OneAtATime()
  const begun: string[] = []
  const { opened, open } = gate()
  const first = turns.take('call', async () => {
    begun.push('first')
    await opened
    throw new Error('later')
  })
  const second = turns.take('call', () => {
    begun.push('second')
    throw new Error('at once')
  })
  const third = turns.take('call', () => Promise.resolve(begun.push('third')))
  await turns.take('read', () => Promise.resolve(begun.push('other')))
  expect(begun).toEqual(['first', 'other'])
  open()
  await expect(first).rejects.toThrow('later')
  await expect(second).rejects.toThrow('at once')
  await third
  expect(begun).toEqual(['first', 'other', 'second', 'third'])
})

test('what is withdrawn before its turn never begins, and is known at once; what has begun goes on', async () => {
  const turns = new OneAtATime()
  const begun: string[] = []
  const { opened, open } = gate()
  const abort = new AbortController()
  const act = (name: string) => async () => {
    begun.push(name)
    await opened
    return name
  }
  const first = turns.take('call', act('first'), abort.signal)
  const second = turns.take('call', act('second'), abort.signal)
  await turns.take('read', () => Promise.resolve())
  abort.abort(new Error('left'))
  await expect(second).rejects.toThrow('left')
  await expect(turns.take('other', act('late'), abort.signal)).rejects.toThrow('left')
  open()
  await expect(first).resolves.toBe('first')
  await expect(turns.take('call', act('next'))).resolves.toBe('next')
  expect(begun).toEqual(['first', 'next'])
})
