/** Whose snapshot it is, against what a page holds of a topic. */
export interface Place {
  /**
   * `first`: the page holds nothing; `same`: of the record that it holds something of; `restarted`: of that record too,
   * told by a Weir that was started since, which may lack the newest of it; `other`: of one that began anew.
   */
  record: 'first' | 'same' | 'restarted' | 'other'
  /** Now, by the relay's clock, ms since epoch. */
  at: number
}

/** What begins with a snapshot. */
interface Begun<State> {
  state: State
  /** What of the page's own went, since the record does not have it, in a sentence; null: nothing. */
  cut: string | null
}

/**
 * How a page shows topics of one kind: the half of a kind that pages load, beside the one that the record needs
 * (`TopicKind`). Pure but for what it hands to bulk. A snapshot never takes away what the page holds: lines and samples
 * below the relay's own stay, those above go, and it is said.
 */
export interface TopicView<State extends object, Event, Snapshot, Bulk> {
  /** The kind's name, as in addresses. */
  readonly name: string
  /** Before anything was told. */
  empty(): State
  /** Room for what is large: lines, samples. */
  bulk(): Bulk
  /** True where something is shown that is to stay when the relay knows nothing of it any more. */
  holds(state: State): boolean
  begin(state: State, snapshot: Snapshot, bulk: Bulk, place: Place): Begun<State>
  /** Folds events over a state, and what they bring into bulk. */
  reduce(state: State, events: readonly Event[], bulk: Bulk): State
}
