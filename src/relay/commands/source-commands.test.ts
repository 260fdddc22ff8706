import { expect, test } from 'vitest'
import { ManualClock } from '#lib/clock.ts'
import type { CommandError } from '#model/command.ts'
import { createTestRecord } from '#testing/hub.ts'
import { Ledger } from './ledger.ts'
import { CommandFailure, NOT_WANTED, SourceCommands, type Asked } from './source-commands.ts'

const ASKED: Asked = { verb: 'cancel', target: 'a', text: 'cancel', by: { kind: 'script' } }

const SILENCE: CommandError = {
  outcome: 'not-answered',
  status: null,
  type: 'Silence',
  message: 'no answer',
  owner: null,
}

function begin() {
  const clock = new ManualClock()
  const record = createTestRecord(clock)
  const ledger = new Ledger(record)
  const commands = new SourceCommands(
    { clock, ledger, name: 'lab' },
    { commandError: (error) => ({ ...SILENCE, message: String(error) }) },
  )
  return { clock, commands, ledger, record }
}

test('a command is on disk before it is sent', async () => {
  const { clock, commands, ledger, record } = begin()
  let written!: () => void
  record.committed = () => new Promise<void>((resolve) => (written = resolve))
  let isSent = false
  const done = commands.carryOut(ASKED, () => {
    isSent = true
    return Promise.resolve()
  })
  await clock.advance(5_000)
  expect(ledger.all()).toMatchObject([{ verb: 'cancel', acceptedAt: null, failedAt: null }])
  expect(isSent).toBe(false)
  written()
  const { command } = await done
  expect(isSent).toBe(true)
  expect(command.acceptedAt).toBe(clock.now())
})

test('a disk that fails holds up no command', async () => {
  const { commands, record } = begin()
  record.committed = () => Promise.reject(new Error('the disk is full'))
  const { command } = await commands.carryOut(ASKED, () => Promise.resolve())
  expect(command).toMatchObject({ error: null, failedAt: null })
})

test('what the source answers comes back, and names the target where only it knows', async () => {
  const { commands, ledger } = begin()
  const { command, answer } = await commands.carryOut(
    { ...ASKED, verb: 'start', target: 'asked for' },
    () => Promise.resolve({ id: 'made' }),
    ({ id }) => id,
  )
  expect(answer).toEqual({ id: 'made' })
  expect(command).toMatchObject({ target: 'made', error: null })
  expect(ledger.all()).toMatchObject([{ target: 'made' }])
})

test('a failure is said in the words of the source, or of Weir where it knows more', async () => {
  const { commands } = begin()
  const silent = await commands.carryOut(ASKED, () => Promise.reject(new Error('reset')))
  expect(silent).toEqual({ command: silent.command })
  expect(silent.command).toMatchObject({ acceptedAt: null, error: { ...SILENCE, message: 'Error: reset' } })
  const unwanted = await commands.carryOut(ASKED, () => Promise.reject(new CommandFailure(NOT_WANTED)))
  expect(unwanted.command.error).toEqual(NOT_WANTED)
  expect(commands.refuse(ASKED, NOT_WANTED)).toMatchObject({ acceptedAt: null, error: NOT_WANTED })
})

test('an effect has its time, or the reason why it has none', async () => {
  const { clock, commands } = begin()
  const { command } = await commands.carryOut(ASKED, () => Promise.resolve())
  expect(commands.noEffect(command, 'not shown')).toMatchObject({
    effectiveAt: null,
    effectNote: 'not shown',
  })
  await clock.advance(1_000)
  expect(commands.effect(command, 'ended')).toMatchObject({ effectiveAt: clock.now(), effectNote: 'ended' })
  expect(commands.effect(command, 'ended', 5)).toMatchObject({ effectiveAt: 5 })
})
