/** Who knows whether pages are told of a topic. */
export interface Watchers {
  /** True while some page is told of it, or may soon come back to go on with it. */
  wants(address: string): boolean
}
