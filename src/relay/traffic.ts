import type { SourceContext } from './source-adapter.ts'

/** How much came from a source so far, for its row on the Sources screen. */
export class Traffic {
  /** Messages of its streams. */
  events = 0
  gaps = 0
  reconnects = 0
  #reported = 0

  /**
   * To be called once a second: the rate is what came since the call before.
   * @param openStreams streams of the source that are connected now
   */
  report({ report }: Pick<SourceContext, 'report'>, openStreams: number): void {
    const { events, gaps, reconnects } = this
    report({ eventsPerSecond: events - this.#reported, events, gaps, reconnects, openStreams })
    this.#reported = events
  }
}
