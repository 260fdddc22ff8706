/** A device of a source as its list shows it. */
export interface Device {
  source: string
  id: string
  type: string
  connected: boolean
  streaming: boolean
  ownedBy: string | null
  lastError: { type: string; message: string; at: number | null; traceback: string | null } | null
  /** The task this virtual `stream-…` device belongs to; null for real devices. */
  streamOf: string | null
  /** False once the source no longer lists it. */
  onServer: boolean
}
