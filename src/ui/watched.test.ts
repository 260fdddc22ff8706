import { expect, it } from 'vitest'
import { setWatched, watched } from './watched.ts'

it('remembers without storage for as long as the page lives', () => {
  setWatched('lab/a', true)
  setWatched('lab/b', true)
  setWatched('lab/a', false)
  expect(watched.get()).toEqual(['lab/b'])
})
