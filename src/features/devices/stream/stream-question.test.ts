import { expect, test } from 'vitest'
import type { Problem } from '#protocols/weir/api.ts'
import { WeirError } from '#protocols/weir/client.ts'
import { HELD, sampleDevice } from '../sample-device.ts'
import { longStreamQuestion, questionOf } from './stream-question.ts'

const disturbs = { owner: 'sweep-1', consequence: 'sweep-1 may get no data.' }
const problem = (part: Partial<Problem> = {}) =>
  new WeirError({ type: 'would-disturb', title: 'It would disturb', status: 409, disturbs, ...part })

test('an attempt that would disturb somebody becomes a question with the consequence in it', () => {
  expect(questionOf('start', sampleDevice({ ownedBy: 'sweep-1' }), problem())).toEqual({
    verb: 'start',
    source: 'lab',
    id: 'laser1',
    disturbs,
    takesOver: false,
    ends: null,
  })
})

test('nothing is asked when it was done, or refused for another reason', () => {
  expect(questionOf('start', sampleDevice(), null)).toBeNull()
  expect(questionOf('start', sampleDevice(), problem({ type: 'refused' }))).toBeNull()
  expect(questionOf('stop', sampleDevice(), new Error('gone'))).toBeNull()
})

test('a stream that a client outside holds is taken over; one of a task or of other pages is not', () => {
  const free = { owner: null, consequence: 'That client gets nothing more.' }
  const outside = problem({ disturbs: free })
  expect(questionOf('start', sampleDevice({ streaming: true }), outside)?.takesOver).toBe(true)
  expect(questionOf('start', sampleDevice({ streaming: true, ownedBy: 'x' }), problem())?.takesOver).toBe(
    false,
  )
  expect(questionOf('stop', sampleDevice(HELD), outside)?.takesOver).toBe(false)
})

test('a consequence that was not told apart is taken from the words of the refusal', () => {
  const { disturbs: _, ...bare } = problem({ detail: 'Two pages watch it.' }).problem
  expect(questionOf('stop', sampleDevice(HELD), new WeirError(bare))?.disturbs).toEqual({
    owner: null,
    consequence: 'Two pages watch it.',
  })
})

test('a stream of long is asked about before it ends; a short one, or none of Weir’s, is not', () => {
  const held = sampleDevice(HELD)
  const since = held.hold!.since
  expect(longStreamQuestion('stop', held, since + 5 * 60_000 - 1)).toBeNull()
  expect(longStreamQuestion('stop', sampleDevice(), since + 3_600_000)).toBeNull()
  const question = longStreamQuestion('disconnect', held, since + 3_600_000)
  expect(question).toMatchObject({ verb: 'disconnect', ends: held })
  expect(question?.disturbs.consequence).toContain('has streamed to Weir for 1h 0m')
})
