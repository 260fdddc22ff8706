import type { Refusal } from './refusal.ts'

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
