import { report } from '#lib/isolate.ts'
import { StartError, UsageError } from './usage-error.ts'

/** Runs a command-line program. A UsageError is one line and exit code 2, a StartError one line and 1. */
export async function run(main: () => Promise<void>): Promise<void> {
  try {
    await main()
  } catch (error) {
    if (error instanceof UsageError) end(`${error.message} (weir --help lists the options)`, 2)
    if (error instanceof StartError) end(error.message, 1)
    throw error
  }
}

/** At once: nothing that has begun by then has to be left in good order. */
function end(words: string, code: number): never {
  console.error(`weir: ${words}`)
  process.exit(code)
}

/** Ends in good order at the first signal, at once at the second. */
export function onSignal(stop: (signal: string) => Promise<void>): void {
  let stopping = false
  const leave = (signal: string) => {
    if (stopping) process.exit(0)
    stopping = true
    stop(signal).then(
      () => process.exit(0),
      (error: unknown) => {
        report(error)
        process.exit(1)
      },
    )
  }
  process.on('SIGINT', leave)
  process.on('SIGTERM', leave)
}
