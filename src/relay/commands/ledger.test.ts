import { expect, test } from 'vitest'
import { ManualClock } from '#lib/clock.ts'
import { createTestRecord } from '#testing/hub.ts'
import { Tasks } from '../record/doors.ts'
import { Ledger } from './ledger.ts'

const request = {
  source: 'lab',
  verb: 'pause',
  target: 'a',
  text: 'pause',
  by: { kind: 'page', id: 'me' },
} as const

test('a command dropped for its age stays out of the list, but its change is told', () => {
  const record = createTestRecord(new ManualClock())
  const tasks = new Tasks(record)
  tasks.record('lab', 'labdaemon', 'a', [])
  const ledger = new Ledger(record)
  const oldest = ledger.accept(ledger.send(request))
  for (let i = 0; i < 1_000; i++) ledger.send({ ...request, target: 'b' })
  expect(ledger.all()).toHaveLength(1_000)
  ledger.effect(oldest, null, 'the task ended')
  expect(ledger.all()).toHaveLength(1_000)
  expect(ledger.all().map((command) => command.id)).not.toContain(oldest.id)
  expect(tasks.get('lab', 'a')!.detail.commands).toMatchObject([
    { id: oldest.id, effectNote: 'the task ended' },
  ])
})
