import { expect, test } from 'vitest'
import { panelKind, PANEL_KINDS } from './catalogue.tsx'

test('the ids of panels stand in links that people have kept: none goes, none is used for another', () => {
  expect(PANEL_KINDS.map(({ id, of }) => `${of} ${id}`)).toEqual([
    'tasks log',
    'tasks progress',
    'tasks output',
    'tasks plots',
    'tasks timeline',
    'devices device',
  ])
  for (const { id } of PANEL_KINDS) expect(id).toMatch(/^[a-z]+$/)
})

test('an id that nobody has names no panel', () => {
  expect(panelKind('toString')).toBeUndefined()
  expect(panelKind('')).toBeUndefined()
})
