import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { CommandVerb } from '#model/command.ts'
import type { CommandAnswer } from '#protocols/weir/api.ts'
import type { WeirClient } from '#protocols/weir/client.ts'
import { taskTopic, type DeviceTopic, type TaskTopic } from '#protocols/weir/topics.ts'
import { reduceLatest, type CommandNews, type LatestCommand } from './latest-command.ts'
import { refusalOf, type Refusal } from './refusal.ts'
import type { TaskVerb } from './task-verbs.ts'

/** What a command is for. */
export type CommandTarget = TaskTopic | DeviceTopic

export type Said = LatestCommand<CommandVerb>

/** Why a command came to nothing, in words and as it was thrown (undefined where it was not). */
export interface Failure {
  refusal: Refusal
  error: unknown
}

/**
 * What is said of the newest command that this page sent for each task and device; outside the cards, which come
 * and go as one scrolls: every control of a thing says the same.
 */
const store = createStore<ReadonlyMap<CommandTarget, Said>>(() => new Map())
let count = 0

/** What is said of the newest command for a task or device; undefined: nothing. */
export function useSaid(target: CommandTarget): Said | undefined {
  return useStore(store, (said) => said.get(target))
}

/** True while a command of this page waits for its answer. */
export function isUnderWay(said: Said | undefined, verb: CommandVerb): boolean {
  return said?.verb === verb && said.refusal === null
}

/** Says that a command goes out, then what `act` brings; resolves with why it came to nothing, or may have, or null. */
export async function sendCommand(
  target: CommandTarget,
  verb: CommandVerb,
  act: () => Promise<CommandAnswer>,
): Promise<Failure | null> {
  const failure = failureOf(act)
  followCommand(
    target,
    verb,
    failure.then((failed) => failed?.refusal ?? null),
  )
  return failure
}

export async function sendTaskCommand(
  weir: WeirClient,
  { source, id }: { source: string; id: string },
  verb: TaskVerb,
): Promise<void> {
  await sendCommand(taskTopic(source, id), verb, () => weir.command(source, id, verb))
}

/** The same for a command that is sent elsewhere; `answer` never fails. */
export function followCommand(
  target: CommandTarget,
  verb: CommandVerb,
  answer: Promise<Refusal | null>,
): void {
  const n = ++count
  tell(target, { k: 'sent', n, verb })
  void answer.then((refusal) => {
    tell(target, { k: 'answered', n, refusal })
  })
}

/** Nothing more is said of what was sent until now. */
export function dismissSaid(target: CommandTarget): void {
  tell(target, { k: 'dismissed' })
}

function tell(target: CommandTarget, news: CommandNews<CommandVerb>): void {
  const before = store.getState().get(target)
  const after = reduceLatest(before, news)
  if (after === before) return
  const next = new Map(store.getState())
  if (after) next.set(target, after)
  else next.delete(target)
  store.setState(next, true)
}

async function failureOf(act: () => Promise<CommandAnswer>): Promise<Failure | null> {
  try {
    const { error } = (await act()).command
    return error ? { refusal: error, error: undefined } : null
  } catch (error) {
    return { refusal: refusalOf(error), error }
  }
}
