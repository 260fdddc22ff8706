import { expect, test } from 'vitest'
import type { OutputPreview } from '#model/task.ts'
import { previewWords, provisionalWords } from './preview-words.ts'

function preview(part: Partial<OutputPreview>): OutputPreview {
  return { kind: 'text', url: null, text: null, provisional: true, ...part }
}

test('text that grows is shown by its end, complete text as it is kept', () => {
  const text = `begin ${'word '.repeat(40)}\n end`
  expect(previewWords({ status: 'running', preview: preview({ text }) })).toMatch(/^… word .* word end$/)
  expect(previewWords({ status: 'completed', preview: preview({ text }) })).toMatch(/^begin word .* end$/)
  expect(previewWords({ status: 'running', preview: preview({ text: 'short' }) })).toBe('short')
})

test('files are named, pictures are not put into words', () => {
  expect(previewWords({ status: 'running', preview: preview({ kind: 'file', text: 'a.csv' }) })).toBe('a.csv')
  const url = 'https://cloud.inference.sh/app/files/t/a/b.wav?x=1'
  expect(previewWords({ status: 'running', preview: preview({ kind: 'audio', url }) })).toBe('sound b.wav')
  expect(previewWords({ status: 'running', preview: preview({ kind: 'image', url }) })).toBe('')
  expect(previewWords({ status: 'running', preview: null })).toBe('')
})

test('what may be replaced says so', () => {
  expect(provisionalWords({ preview: preview({ kind: 'image' }) })).toBe('provisional image')
  expect(provisionalWords({ preview: preview({ kind: 'image', provisional: false }) })).toBe('')
  expect(provisionalWords({ preview: null })).toBe('')
})
