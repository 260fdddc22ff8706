#!/usr/bin/env node
import { backup } from './backup.ts'
import { emulate } from './emulator.ts'
import { run } from './run.ts'
import { serve } from './serve.ts'
import { UsageError } from './usage-error.ts'

/** What `weir NAME …` does, by name; each is given what follows its name. `weir` alone serves. */
const COMMANDS = new Map<string, (argv: readonly string[]) => Promise<void>>([
  ['backup', backup],
  ['emulator', emulate],
])

await run(async () => {
  const argv = process.argv.slice(2)
  const [name] = argv
  if (name === undefined || name.startsWith('-')) return serve(argv)
  const command = COMMANDS.get(name)
  if (!command)
    throw new UsageError(`"${name}" is no command of Weir; it has ${[...COMMANDS.keys()].join(', ')}`)
  return command(argv.slice(1))
})
