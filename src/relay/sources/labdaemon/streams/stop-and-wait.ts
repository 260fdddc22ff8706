import { sleep } from '#lib/clock.ts'
import type { Lab } from '../lab.ts'
import type { StreamConnection } from './stream-connection.ts'

/** After the server ended a stream on our request, before it may be opened again: LabDaemon wire contract §5.3. */
const SETTLE_MS = 100
const STOP_WAIT_MS = 2_000

/**
 * Closes a connection the server's way (§5.3): asks it to stop, reads to the end, lets it settle. A job of the
 * queue; the device is looked at in it, since its turn may have come late.
 * @param spares a task that owns the device keeps it, except `agreed`, who may lose its data
 * @returns null when the connection is over; else the task that owns the device, and it goes on
 */
export async function stopAndWait(
  { client, context }: Lab,
  deviceId: string,
  connection: StreamConnection,
  { spares, agreed }: { spares: boolean; agreed: string | null },
): Promise<string | null> {
  // It has ended by itself: a stop would be of somebody else's stream.
  if (connection.isOver) return null
  try {
    if (spares) {
      const { owned_by: owner } = await client.device(deviceId)
      if (connection.isOver) return null
      if (owner !== null && owner !== agreed) return owner
    }
    await client.stopStream(deviceId)
    await connection.endedWithin(STOP_WAIT_MS)
  } catch {
    // The server refuses or is gone: hanging up is all that is left.
  }
  connection.hangUp()
  await sleep(context.clock, SETTLE_MS)
  return null
}
