import { describe, expect, it } from 'vitest'
import type { Command } from '#model/command.ts'
import { outcomeOf, requestOf, type Draft } from './start-request.ts'

const draft: Draft = {
  source: 'lab',
  type: 'SweepTask',
  id: 'sweep-1',
  params: '{"steps": 3}',
  stream: true,
  copies: '1',
}

describe('the request', () => {
  it('asks for streaming when that is ticked', () => {
    expect(requestOf(draft)).toEqual({
      ok: true,
      request: { id: 'sweep-1', type: 'SweepTask', params: { steps: 3, enable_streaming: true }, copies: 1 },
    })
  })

  it('leaves the parameters alone otherwise', () => {
    expect(requestOf({ ...draft, stream: false, params: ' ' })).toMatchObject({ request: { params: {} } })
  })

  it('names every field that is wrong', () => {
    expect(
      requestOf({ source: '', type: ' ', id: 'a/b', params: '{"a": }', stream: true, copies: '0.5' }),
    ).toEqual({
      ok: false,
      errors: {
        source: 'choose where to start it',
        type: 'say what to start',
        id: 'use letters, digits, dots, underscores and hyphens',
        params: 'Line 1, column 7: a value is expected',
        copies: 'a whole number from 1 to 200',
      },
    })
  })

  it('wants an object', () => {
    expect(requestOf({ ...draft, params: '[1]' })).toMatchObject({ ok: false })
  })
})

it('tells those that began from those that did not', () => {
  const error = {
    outcome: 'refused' as const,
    status: 400,
    type: 'TaskError',
    message: 'already exists',
    owner: null,
  }
  const command = (part: Partial<Command>) => ({ error: null, ...part }) as Command
  const answer = {
    started: [
      { id: 'a', command: command({}) },
      { id: 'b', command: command({ error }) },
    ],
    batch: null,
  }
  expect(outcomeOf(answer)).toEqual({ begun: ['a'], refused: [{ id: 'b', refusal: error }] })
})
