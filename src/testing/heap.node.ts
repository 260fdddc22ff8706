import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/**
 * Bytes of heap that the results of so many runs hold, when all else is let go of. Only for differences of tens of
 * megabytes: what the runtime itself keeps varies by some.
 */
export async function heldBytes(runs: number, make: (run: number) => unknown): Promise<number> {
  const held: unknown[] = []
  collect()
  const before = process.memoryUsage().heapUsed
  for (let run = 0; run < runs; run++) held.push(await make(run))
  // Promises and streams that are done let go of what they held in later turns.
  await new Promise((resolve) => setImmediate(resolve))
  collect()
  const bytes = process.memoryUsage().heapUsed - before
  return held.length === runs ? bytes : Number.NaN
}
