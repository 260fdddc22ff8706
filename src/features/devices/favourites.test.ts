import { expect, test } from 'vitest'
import { toggleFavourite, type Favourite } from './favourites.ts'

test('a method is pinned and taken off again; the first one makes room', () => {
  const pin = (name: string): Favourite => ({ name, ready: true })
  const one = toggleFavourite([], pin('a'))
  expect(one).toEqual([pin('a')])
  expect(toggleFavourite(one, pin('a'))).toEqual([])
  const many = ['b', 'c', 'd', 'e', 'f', 'g'].reduce((list, name) => toggleFavourite(list, pin(name)), one)
  expect(many.map(({ name }) => name)).toEqual(['b', 'c', 'd', 'e', 'f', 'g'])
})
