import { expect, test } from 'vitest'
import { parsePreferences } from './live-preferences.ts'

test('what was kept comes back', () => {
  const kept = {
    span: 5_000,
    utc: true,
    arrays: 'append',
    stats: false,
    statsCompact: true,
    shown: { 'number a': false },
    units: { 'number a': 'V' },
    plots: {
      'number:V': {
        scale: { mode: 'fixed', min: -1, max: 1 },
        thresholds: [{ value: 0.5, label: 'limit', level: 'bad', side: 'below' }],
        tall: true,
        stacked: true,
      },
    },
  }
  expect(parsePreferences(JSON.parse(JSON.stringify(kept)))).toEqual(kept)
})

test.each([
  null,
  7,
  'x',
  [],
  {
    span: 'long',
    shown: 3,
    units: { a: 1 },
    plots: { p: { scale: { mode: 'fixed', min: 2, max: 1 }, thresholds: [{}, null, { value: 'x' }] } },
  },
])('what cannot be read counts as not kept: %j', (kept) => {
  const read = parsePreferences(kept)
  expect(read.span).toBe(60_000)
  for (const plot of Object.values(read.plots))
    expect(plot).toEqual({ scale: { mode: 'auto' }, thresholds: [] })
})
