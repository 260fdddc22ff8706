import { expect, test } from 'vitest'
import { USUAL_RECONNECT as USUAL } from '#model/source.ts'
import { draftOf, readDraft, reconnectWords } from './reconnect-words.ts'

test('the usual settings go through the form unchanged', () => {
  expect(readDraft(draftOf(USUAL)).request).toEqual(USUAL)
  const short = { retries: 3, delayMs: 250, mostMs: 5_000, followMs: 90_000 }
  expect(readDraft(draftOf(short)).request).toEqual(short)
  expect(reconnectWords(USUAL)).toBe('tries for ever, after 1.0s, then ever longer up to 30s')
})

test('what is wrong is said field by field', () => {
  const draft = { forEver: false, retries: '2.5', delay: 'soon', most: '4000', follow: '-1' }
  expect(readDraft(draft)).toEqual({
    request: null,
    errors: {
      retries: 'A whole number from 0 to 1,000.',
      delay: 'From 0.1 to 600 seconds.',
      most: 'From 0.1 to 3,600 seconds.',
      follow: expect.stringMatching(/^From 1 second/) as string,
    },
  })
  expect(readDraft({ forEver: true, retries: '', delay: '2', most: '1', follow: '' }).errors).toEqual({
    retries: null,
    delay: null,
    most: 'Not shorter than the first delay.',
    follow: null,
  })
  expect(
    readDraft({ forEver: false, retries: '', delay: '1', most: '1', follow: '' }).errors.retries,
  ).not.toBeNull()
})

test('settings are told in words', () => {
  expect(reconnectWords({ ...USUAL, retries: 0 })).toBe('does not reconnect by itself')
  expect(reconnectWords({ ...USUAL, retries: 5, delayMs: 500, mostMs: 500 })).toMatch(
    /^tries 5 times in a row, after .* each time$/,
  )
  expect(reconnectWords({ ...USUAL, followMs: 600_000 })).toMatch(/; it is followed for 10 min$/)
})
