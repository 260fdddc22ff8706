import { expect, test } from 'vitest'
import { answerWords } from './media-error.ts'

test.each([
  ['image', 404, 'text/html', 'The file is not there (404).'],
  ['image', 403, null, 'Its host refuses the file (403).'],
  ['video', 502, null, 'Its host answers with an error (502).'],
  ['image', 200, 'text/html; charset=utf-8', 'This is not a picture but text/html.'],
  ['audio', 200, 'image/png', 'This is not sound but image/png.'],
  [
    'image',
    200,
    'image/png',
    'The file is damaged, or of a form that this browser does not show (image/png).',
  ],
  ['image', 200, null, 'The file is damaged, or of a form that this browser does not show.'],
] as const)('%s, %i, %s', (medium, status, type, words) => {
  expect(answerWords(medium, status, type)).toBe(words)
})
