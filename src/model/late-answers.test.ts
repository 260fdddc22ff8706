import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Command, CommandOutcome } from './command.ts'
import { reduceTask } from './reduce-task.ts'
import { unknownTask, type Task } from './task.ts'
import type { TaskEvent } from './task-events.ts'

const T = 1_000_000
const none = () => undefined

type Answer = 'accepted' | CommandOutcome | null

function commandOf(n: number, verb: 'pause' | 'resume' | 'cancel'): Command {
  return {
    id: `c${n}`,
    source: 'lab',
    verb,
    target: 'a',
    text: verb,
    by: { kind: 'page', id: 'me' },
    sentAt: T + n,
    acceptedAt: null,
    effectiveAt: null,
    effectNote: null,
    failedAt: null,
    error: null,
  }
}

function answered(command: Command, answer: Answer, at: number): Command {
  if (answer === null) return command
  if (answer === 'accepted') return { ...command, acceptedAt: at }
  const error = { outcome: answer, status: null, type: 'X', message: 'no', owner: null }
  return { ...command, failedAt: at, error }
}

const event = (command: Command): TaskEvent => ({ k: 'command', at: command.sentAt, command })
const running = reduceTask(
  unknownTask('lab', 'labdaemon', 'a', T),
  [{ k: 'started', at: T, origin: 'command', type: 'SweepTask' }],
  none,
)
const reduce = (events: readonly TaskEvent[], task: Task = running) => reduceTask(task, events, none)
/** What its words are made of. */
const said = ({ status, statusNote, cancelAskedAt, pauseAskedAt }: Task) => ({
  status,
  // Why a pause or a cancel was taken back is told of the one that was taken back last.
  note: status === 'cancelling' ? statusNote : null,
  cancelAskedAt,
  pauseAskedAt,
})

const some = fc.array(
  fc.record({
    verb: fc.constantFrom('pause' as const, 'resume' as const, 'cancel' as const),
    answer: fc.constantFrom<Answer[]>('accepted', 'refused', 'not-answered', 'not-sent', null),
  }),
  { minLength: 1, maxLength: 6 },
)

test('answers in any order, late, lost or twice, end in the same words as those in order', () => {
  fc.assert(
    fc.property(some, fc.infiniteStream(fc.nat(99)), fc.boolean(), (all, chance, twice) => {
      const commands = all.map(({ verb }, n) => commandOf(n, verb))
      const answers = all.map(({ answer }, n) => answered(commands[n]!, answer, T + 100))
      const inOrder = reduce(commands.flatMap((command, n) => [event(command), event(answers[n]!)]))
      const late: number[] = []
      const mixed: TaskEvent[] = []
      for (const [n, command] of commands.entries()) {
        mixed.push(event(command))
        late.push(n)
        for (let i = late.length - 1; i >= 0; i--)
          if (chance.next().value < 40) mixed.push(...late.splice(i, 1).map((m) => event(answers[m]!)))
      }
      for (const m of late.reverse()) mixed.push(event(answers[m]!))
      if (twice) for (const answer of answers) mixed.push(event(answer))
      expect(said(reduce(mixed))).toEqual(said(inOrder))
    }),
    { numRuns: 2_000 },
  )
})

test('a second cancel that is refused does not take back the first', () => {
  const [first, second] = [commandOf(1, 'cancel'), commandOf(2, 'cancel')]
  const task = reduce([
    event(first),
    event(answered(first, 'accepted', T + 5)),
    event(second),
    event(answered(second, 'refused', T + 6)),
  ])
  expect(task).toMatchObject({ status: 'cancelling', statusNote: 'requested', cancelAskedAt: T + 1 })
})

test('not answered is said, and until it is asked again', () => {
  const [first, second] = [commandOf(1, 'cancel'), commandOf(2, 'cancel')]
  const unsure = reduce([event(first), event(answered(first, 'not-answered', T + 5))])
  expect(unsure).toMatchObject({ status: 'cancelling', statusNote: 'not answered' })
  expect(reduce([event(second)], unsure)).toMatchObject({ status: 'cancelling', statusNote: 'requested' })
})

test('a refused cancel of a task of which nothing else is known leaves it unknown, not running', () => {
  const unknown = unknownTask('lab', 'labdaemon', 'a', T)
  const command = commandOf(1, 'cancel')
  const task = reduce([event(command), event(answered(command, 'refused', T + 5))], unknown)
  expect(task).toMatchObject({ status: 'unknown', cancelAskedAt: null })
  // Its source has the word from then on.
  expect(reduce([{ k: 'started', at: T + 9, origin: 'poll', type: 'X' }], task)).toMatchObject({
    status: 'running',
    statusOrigin: 'poll',
  })
})

test('what was resumed while a cancel was under way runs when that is refused', () => {
  const [pause, cancel, resume] = [commandOf(1, 'pause'), commandOf(2, 'cancel'), commandOf(3, 'resume')]
  const task = reduce([
    event(answered(pause, 'accepted', T + 4)),
    event(cancel),
    event(answered(resume, 'accepted', T + 5)),
    event(answered(cancel, 'refused', T + 6)),
  ])
  expect(task).toMatchObject({ status: 'running', pauseAskedAt: null })
})
