import { UsageError } from './usage-error.ts'

/** Runs a command-line program: a usage error is one line and exit code 2. */
export async function run(name: string, main: () => Promise<void>): Promise<void> {
  try {
    await main()
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    console.error(`${name}: ${error.message} (--help lists the options)`)
    process.exitCode = 2
  }
}

/** Ends in good order at the first signal, at once at the second. */
export function onSignal(stop: () => Promise<void>): void {
  let stopping = false
  const end = () => {
    if (stopping) process.exit(0)
    stopping = true
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error)
        process.exit(1)
      },
    )
  }
  process.on('SIGINT', end)
  process.on('SIGTERM', end)
}
