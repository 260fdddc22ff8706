import { expect, test } from 'vitest'
import { readPlotDraft, type PlotDraft } from './plot-draft.ts'

const draft = (part: Partial<PlotDraft>): PlotDraft => ({
  mode: 'auto',
  min: '0',
  max: '1',
  thresholds: [],
  ...part,
})

test('fields become settings', () => {
  const thresholds = [{ value: ' −2,5 ', label: ' low ', level: 'bad', side: 'below' }] as const
  expect(readPlotDraft(draft({ mode: 'fixed', min: '-1', max: '1e3', thresholds })).plot).toEqual({
    scale: { mode: 'fixed', min: -1, max: 1_000 },
    thresholds: [{ value: -2.5, label: 'low', level: 'bad', side: 'below' }],
  })
  expect(readPlotDraft(draft({ mode: 'log', min: 'x' })).plot).toEqual({
    scale: { mode: 'log' },
    thresholds: [],
  })
})

test('what is wrong is said where it is', () => {
  const { plot, errors } = readPlotDraft(draft({ mode: 'fixed', min: '', max: 'x' }))
  expect(plot).toBeNull()
  expect(errors.min).toContain('number')
  expect(errors.max).toContain('number')
})

test('bounds stand in order', () => {
  const { plot, errors } = readPlotDraft(draft({ mode: 'fixed', min: '3', max: '3' }))
  expect(plot).toBeNull()
  expect(errors.max).toBe('must be above the other')
})

test('a threshold without a value keeps the whole from being saved', () => {
  const { plot, errors } = readPlotDraft(
    draft({ thresholds: [{ value: '', label: '', level: 'warn', side: 'above' }] }),
  )
  expect(plot).toBeNull()
  expect(errors.thresholds[0]).toContain('number')
})
