import { expect, test } from 'vitest'
import { draftOf, readDraft, reconnectWords, USUAL } from './reconnect-words.ts'

test('the usual settings go through the form unchanged', () => {
  expect(readDraft(draftOf(USUAL)).request).toEqual(USUAL)
  expect(reconnectWords(USUAL)).toBe('tries for ever, after 1.0s, then ever longer up to 30s')
})

test('what is wrong is said field by field', () => {
  const draft = { forEver: false, retries: '2.5', delay: 'soon', most: '4000' }
  expect(readDraft(draft)).toEqual({
    request: null,
    errors: {
      retries: 'A whole number from 0 to 1,000.',
      delay: 'From 0.1 to 600 seconds.',
      most: 'From 0.1 to 3,600 seconds.',
    },
  })
  expect(readDraft({ forEver: true, retries: '', delay: '2', most: '1' }).errors).toEqual({
    retries: null,
    delay: null,
    most: 'Not shorter than the first delay.',
  })
  expect(readDraft({ forEver: false, retries: '', delay: '1', most: '1' }).errors.retries).not.toBeNull()
})

test('settings are told in words', () => {
  expect(reconnectWords({ retries: 0, delayMs: 1_000, mostMs: 1_000 })).toBe('does not reconnect by itself')
  expect(reconnectWords({ retries: 5, delayMs: 500, mostMs: 500 })).toMatch(
    /^tries 5 times in a row, after .* each time$/,
  )
})
