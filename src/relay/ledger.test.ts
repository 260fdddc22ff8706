import { expect, test } from 'vitest'
import { ManualClock } from '#lib/clock.ts'
import type { Command } from '#model/command.ts'
import { Ledger } from './ledger.ts'
import { LiveList } from './live-list.ts'

const request = {
  source: 'lab',
  verb: 'pause',
  target: 'a',
  text: 'pause',
  by: { kind: 'page', id: 'me' },
} as const

test('a command dropped for its age stays out of the list, but its change is told', () => {
  const told: Command[] = []
  const ledger = new Ledger(new ManualClock(), new LiveList<Command>(() => undefined), (command) => {
    told.push(command)
  })
  const oldest = ledger.accept(ledger.send(request))
  for (let i = 0; i < 1_000; i++) ledger.send(request)
  expect(ledger.all()).toHaveLength(1_000)
  ledger.effect(oldest, null, 'the task ended')
  expect(ledger.all()).toHaveLength(1_000)
  expect(ledger.all().map((command) => command.id)).not.toContain(oldest.id)
  expect(told.at(-1)).toMatchObject({ id: oldest.id, effectNote: 'the task ended' })
})
