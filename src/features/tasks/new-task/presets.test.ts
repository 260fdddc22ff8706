import { expect, it } from 'vitest'
import { deletePreset, parsePresets, rememberLast, savePreset } from './presets.ts'

it('saves, replaces and deletes by type and name', () => {
  let all = savePreset({}, 'SweepTask', { name: 'short', params: '{"steps": 3}' })
  all = savePreset(all, 'SweepTask', { name: 'long', params: '{"steps": 900}' })
  all = savePreset(all, 'SweepTask', { name: 'short', params: '{"steps": 5}' })
  expect(all.SweepTask?.saved).toEqual([
    { name: 'short', params: '{"steps": 5}' },
    { name: 'long', params: '{"steps": 900}' },
  ])
  expect(deletePreset(all, 'SweepTask', 'short').SweepTask?.saved.map((each) => each.name)).toEqual(['long'])
})

it('remembers what a type was last started with, within reason', () => {
  expect(rememberLast({}, 'A', '{}')).toEqual({ A: { last: '{}', saved: [] } })
  expect(rememberLast({}, 'A', 'x'.repeat(200_000))).toEqual({})
})

it('takes what it understands of what was kept', () => {
  expect(
    parsePresets({ A: { last: 3, saved: [{ name: 'x' }, { name: 'y', params: '{}' }] }, B: null }),
  ).toEqual({
    A: { last: null, saved: [{ name: 'y', params: '{}' }] },
  })
  expect(parsePresets('nonsense')).toEqual({})
})
