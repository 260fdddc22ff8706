import { expect, test } from 'vitest'
import type { Command } from '#model/command.ts'
import { commandState, commandSteps, filterCommands } from './command-state.ts'

const command = (over: Partial<Command>): Command => ({
  id: 'c1',
  source: 'lab',
  verb: 'cancel',
  target: 'sweep-1',
  text: 'cancel',
  by: { kind: 'page', id: 'p1' },
  sentAt: 1_000,
  acceptedAt: null,
  effectiveAt: null,
  effectNote: null,
  failedAt: null,
  error: null,
  ...over,
})

test('a command goes from sent over accepted to effective, or is refused', () => {
  expect(commandState(command({}))).toBe('sent')
  expect(commandState(command({ acceptedAt: 1_010 }))).toBe('accepted')
  expect(commandState(command({ acceptedAt: 1_010, effectiveAt: 3_000 }))).toBe('effective')
  expect(commandState(command({ failedAt: 1_010 }))).toBe('refused')
})

test('without an answer it was not refused', () => {
  const error = {
    outcome: 'not-answered',
    status: null,
    type: 'NotAnswering',
    message: 'no answer',
    owner: null,
  } as const
  const unanswered = command({ failedAt: 36_000, error })
  expect(commandState(unanswered)).toBe('not-answered')
  expect(commandSteps(unanswered).map(({ name }) => name)).toEqual(['sent', 'not-answered'])
  expect(filterCommands([unanswered], 'not answered')).toHaveLength(1)
})

test('each step says how long it took', () => {
  expect(commandSteps(command({ acceptedAt: 1_012, effectiveAt: 2_200 }))).toEqual([
    { name: 'sent', at: 1_000, after: 0, within: false },
    { name: 'accepted', at: 1_012, after: 12, within: false },
    { name: 'effective', at: 2_200, after: 1_200, within: false },
  ])
  const inferred = commandSteps(command({ acceptedAt: 1_012, effectiveAt: 2_200, inferred: true }))
  expect(inferred.at(-1)).toMatchObject({ name: 'effective', after: 1_200, within: true })
})

test('an effect seen before the answer does not precede it', () => {
  expect(commandSteps(command({ acceptedAt: 1_012, effectiveAt: 1_003 })).map(({ after }) => after)).toEqual([
    0, 12, 12,
  ])
})

test('the ledger is filtered by every word, newest first', () => {
  const refused = command({
    id: 'c2',
    sentAt: 2_000,
    failedAt: 2_001,
    error: {
      outcome: 'refused',
      status: 409,
      type: 'DeviceInUse',
      message: 'laser1 is held',
      owner: 'soak-2',
    },
  })
  const all = [command({}), refused, command({ id: 'c3', target: 'other', sentAt: 3_000 })]
  expect(filterCommands(all, '').map((c) => c.id)).toEqual(['c3', 'c2', 'c1'])
  expect(filterCommands(all, 'Sweep refused').map((c) => c.id)).toEqual(['c2'])
  expect(filterCommands(all, 'laser1 deviceinuse').map((c) => c.id)).toEqual(['c2'])
  expect(filterCommands(all, 'nothing')).toEqual([])
})
