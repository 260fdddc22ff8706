import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { CommandAnswer } from '#protocols/weir/api.ts'
import { refusalOf, type Refusal } from './refusal.ts'

/** What is said, beside a control, of the newest command that this page sent for one thing. */
export interface LatestCommand<V extends string> {
  /** Counts the commands of this page. */
  n: number
  verb: V
  /** Null until it was answered; an accepted one leaves no trace here, the stream tells. */
  refusal: Refusal | null
}

export type CommandNews<V extends string> =
  | { k: 'sent'; n: number; verb: V }
  | { k: 'answered'; n: number; refusal: Refusal | null }
  | { k: 'dismissed' }

/**
 * Folds what happens to commands over what is said of them. Only the newest has a say: answers may come late,
 * twice, in any order or never.
 */
export function reduceLatest<V extends string>(
  said: LatestCommand<V> | undefined,
  news: CommandNews<V>,
): LatestCommand<V> | undefined {
  switch (news.k) {
    case 'sent':
      return said && said.n > news.n ? said : { n: news.n, verb: news.verb, refusal: null }
    case 'answered':
      if (said?.n !== news.n || said.refusal) return said
      return news.refusal ? { ...said, refusal: news.refusal } : undefined
    case 'dismissed':
      return undefined
  }
}

export interface LatestCommands<V extends string> {
  /** What is said of the newest command for `key`. */
  use(key: string): LatestCommand<V> | undefined
  get(key: string): LatestCommand<V> | undefined
  /** Says that a command goes out, then what `act` brings; resolves with why it came to nothing, or null. */
  send(key: string, verb: V, act: () => Promise<CommandAnswer>): Promise<Failure | null>
  /** The same for one that is sent elsewhere; `answer` never fails. */
  follow(key: string, verb: V, answer: Promise<Refusal | null>): void
  /** Nothing more is said of what was sent until now. */
  dismiss(key: string): void
}

/** Why a command came to nothing, in words and as it was thrown (undefined where it was not). */
export interface Failure {
  refusal: Refusal
  error: unknown
}

let count = 0

/** A place for what is said of commands; outside the cards, which come and go as one scrolls. */
export function latestCommands<V extends string>(): LatestCommands<V> {
  const store = createStore<ReadonlyMap<string, LatestCommand<V>>>(() => new Map())
  const tell = (key: string, news: CommandNews<V>) => {
    const before = store.getState().get(key)
    const after = reduceLatest(before, news)
    if (after === before) return
    const next = new Map(store.getState())
    if (after) next.set(key, after)
    else next.delete(key)
    store.setState(next, true)
  }
  const follow = (key: string, verb: V, answer: Promise<Refusal | null>) => {
    const n = ++count
    tell(key, { k: 'sent', n, verb })
    void answer.then((refusal) => {
      tell(key, { k: 'answered', n, refusal })
    })
  }
  return {
    use: (key) => useStore(store, (state) => state.get(key)),
    get: (key) => store.getState().get(key),
    async send(key, verb, act) {
      const failure = failureOf(act)
      follow(
        key,
        verb,
        failure.then((failed) => failed?.refusal ?? null),
      )
      return failure
    },
    follow,
    dismiss: (key) => {
      tell(key, { k: 'dismissed' })
    },
  }
}

async function failureOf(act: () => Promise<CommandAnswer>): Promise<Failure | null> {
  try {
    const { error } = (await act()).command
    return error ? { refusal: error, error: undefined } : null
  } catch (error) {
    return { refusal: refusalOf(error), error }
  }
}
