import type { LogBuffer } from '#model/log-buffer.ts'

/** A log as the panel needs it: a buffer, a bell, and where to get what is not loaded. */
export interface LogSource {
  buffer: LogBuffer
  /** Calls back after changes of the buffer, at most once per frame. */
  subscribe(listener: () => void): () => void
  /** Loads lines `from` to `to` into the buffer; absent when there is nothing more to load. */
  loadRange?(from: number, to: number): Promise<void>
  /** It is known to be of phases, whatever lines are loaded. */
  phased?: boolean
  /** Name of the file that a download makes, without its ending. */
  name: string
  /** Where the whole log can be fetched as a file. */
  downloadUrl?: string
}
