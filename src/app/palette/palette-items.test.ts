import { expect, it } from 'vitest'
import { findItems, type PaletteItem } from './palette-items.ts'

const item = (group: PaletteItem['group'], label: string, hint = ''): PaletteItem => ({
  key: label,
  group,
  icon: 'tasks',
  label,
  hint,
  run: () => {},
})
const items = [
  item('Screens', 'Sources', 'Go to'),
  item('Actions', 'Running tasks', 'Filter'),
  item('Tasks', 'sweep-1', 'Running · lab'),
  item('Tasks', 'run-7', 'Completed · lab'),
]
const labels = (query: string) => findItems(items, query).map((each) => each.label)

it('shows all while nothing is typed, tasks and devices only a few', () => {
  expect(labels('')).toHaveLength(4)
  const many = Array.from({ length: 30 }, (_, index) => item('Tasks', `task-${index}`))
  const rack = Array.from({ length: 20 }, (_, index) => item('Devices', `daq${index}`))
  expect(findItems([...rack, ...many], '')).toHaveLength(16)
})

it('puts what begins with the words first and keeps groups together', () => {
  expect(labels('run')).toEqual(['Running tasks', 'run-7', 'sweep-1'])
})

it('finds by every word, in the hint as well', () => {
  expect(labels('lab comp')).toEqual(['run-7'])
  expect(labels('absent')).toEqual([])
})
