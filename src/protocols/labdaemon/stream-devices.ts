/** The virtual device through which a LabDaemon's task reports (LabDaemon wire contract §4). */
export function streamDeviceOf(task: string): string {
  return `stream-${task}`
}

/** The task that a virtual device streams for; null for a real device. */
export function taskOfStream(device: string): string | null {
  const prefix = streamDeviceOf('')
  return device.startsWith(prefix) ? device.slice(prefix.length) : null
}
