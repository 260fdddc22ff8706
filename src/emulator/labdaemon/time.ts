/** `2026-11-20T22:46:27+00:00` (LabDaemon wire contract §2). */
export function timestamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}+00:00`
}

/** `2026-11-20 23:56:16.544000+00:00`, as in the comments of streams (LabDaemon wire contract §4). */
export function commentTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 23).replace('T', ' ')}000+00:00`
}
