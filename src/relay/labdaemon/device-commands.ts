import { stringifyExact } from '#lib/exact-json.ts'
import type { Author } from '#model/author.ts'
import type { Command, CommandError, CommandVerb } from '#model/command.ts'
import { LabDaemonError } from '#protocols/labdaemon/errors.ts'
import type { DeviceBody } from '#protocols/labdaemon/schemas.ts'
import type { Call } from '#protocols/weir/api.ts'
import { commandError, NotSent, ownRefusal } from './command-error.ts'
import type { DeviceCalls } from './device-calls.ts'
import type { DeviceReads } from './device-reads.ts'
import type { Lab } from './lab.ts'
import { Turns } from './turns.ts'

/** Arguments are shown in so many characters. */
const ARGUMENTS = 80

/** An effect is looked out for so long after a command was sent. */
const EFFECT_MS = 120_000

/** What shows that a command took effect: the words for it, or null while it does not show. */
type Effect = (body: DeviceBody) => string | null

interface Asked {
  verb: CommandVerb
  id: string
  /** What is asked: "settle(4)". */
  text: string
  by: Author
  effect: Effect
  /** Aborted when nobody waits for it any more: then it is not sent, unless it was. */
  withdrawn: AbortSignal | undefined
}

/**
 * Commands to devices: one request of a kind at a time, each entered in the ledger, and effective once the
 * server's own word on the device shows it.
 */
export class DeviceCommands {
  readonly #lab: Lab
  readonly #reads: DeviceReads
  readonly #calls: DeviceCalls
  readonly #turns = new Turns()
  /** Commands whose effect, or answer, is still to be seen in the list. */
  readonly #unseen = new Map<string, { command: Command; id: string; effect: Effect }>()

  constructor(lab: Lab, reads: DeviceReads, calls: DeviceCalls) {
    this.#lab = lab
    this.#reads = reads
    this.#calls = calls
  }

  async connect(id: string, by: Author, withdrawn?: AbortSignal): Promise<Command> {
    const { client } = this.#lab
    let connected: boolean | undefined
    let note: string | null = null
    return this.#command(
      {
        verb: 'connect',
        id,
        text: 'connect',
        by,
        withdrawn,
        effect: (body) => note ?? (body.connected ? 'the server says that it is connected' : null),
      },
      async () => {
        const answer = await client.connect(id)
        if (answer.message === undefined) connected = answer.connected
        // Where a device cannot tell, connecting never happens (LabDaemon wire contract §5.17).
        else
          note =
            this.#reads.records.get(id)?.connected === false
              ? 'the server takes it for connected already, and did nothing'
              : 'it was connected already'
      },
      () => connected,
    )
  }

  disconnect(id: string, by: Author, withdrawn?: AbortSignal): Promise<Command> {
    const { client } = this.#lab
    let connected: boolean | undefined
    let note: string | null = null
    return this.#command(
      {
        verb: 'disconnect',
        id,
        text: 'disconnect',
        by,
        withdrawn,
        effect: (body) => note ?? (body.connected ? null : 'the server says that it is not connected'),
      },
      async () => {
        const answer = await client.disconnect(id)
        connected = answer.connected
        // A device that cannot tell is taken for connected again when it is read alone (§5.17).
        note =
          answer.message === undefined ? 'the server says that it is not connected' : 'it was not connected'
      },
      () => connected,
    )
  }

  add(
    id: string,
    type: string,
    params: Record<string, unknown>,
    by: Author,
    withdrawn?: AbortSignal,
  ): Promise<Command> {
    return this.#command(
      { verb: 'add', id, text: `add ${type}`, by, withdrawn, effect: () => 'the server has it' },
      async () => {
        await this.#lab.client.addDevice(id, type, params)
      },
      () => undefined,
    )
  }

  clearError(id: string, by: Author, withdrawn?: AbortSignal): Promise<Command> {
    return this.#command(
      {
        verb: 'clear-error',
        id,
        text: 'clear the last error',
        by,
        withdrawn,
        effect: (body) => (body.last_error == null ? 'the server has none' : null),
      },
      () => this.#lab.client.clearDeviceError(id),
      () => undefined,
    )
  }

  async call(
    id: string,
    method: string,
    args: unknown[],
    kwargs: Record<string, unknown>,
    by: Author,
    withdrawn?: AbortSignal,
  ): Promise<{ command: Command; call: Call }> {
    const { client, context } = this.#lab
    const calls = this.#calls
    const { clock, ledger, name } = context
    const said = argumentsText(args, kwargs)
    const text = `${method}(${said.length > ARGUMENTS ? `${said.slice(0, ARGUMENTS)}…` : said})`
    let call: Call | undefined
    const begin = (command: string) =>
      (call = calls.begin(id, { command, method, args, kwargs, by, at: clock.now() }, said.length))
    if (method === 'start_streaming' || method === 'stop_streaming') {
      const error = ownRefusal(
        400,
        'NotCallable',
        method === 'start_streaming'
          ? 'start_streaming takes a function, which cannot be sent. Use “Start stream”: it brings the data to Weir.'
          : 'stop_streaming would stop the device behind the back of whoever it streams for. Use “Stop stream”.',
      )
      const sent = ledger.send({ source: name, verb: 'call', target: id, text, by })
      const ended = calls.end(id, begin(sent.id), clock.now(), { error })
      return { command: ledger.fail(sent, error), call: ended }
    }
    let result: string | undefined
    const command = await this.#command(
      { verb: 'call', id, text, by, withdrawn, effect: () => 'the method returned' },
      async () => {
        result = await client.call(id, method, args, kwargs)
      },
      () => undefined,
      begin,
      callError,
    )
    const outcome = result === undefined ? { error: command.error! } : { result }
    return { command, call: calls.end(id, call!, clock.now(), outcome) }
  }

  /** The list was read: it may show what became of commands. */
  seen(bodies: readonly DeviceBody[]): void {
    if (this.#unseen.size === 0) return
    const { ledger, clock } = this.#lab.context
    for (const [key, { command, id, effect }] of this.#unseen) {
      const body = bodies.find((each) => each.device_id === id)
      const note = body && effect(body)
      if (note == null) {
        if (clock.now() - command.sentAt < EFFECT_MS) continue
        this.#unseen.delete(key)
        if (command.acceptedAt !== null) ledger.effect(command, null, 'the server does not show it')
        continue
      }
      this.#unseen.delete(key)
      const accepted = command.acceptedAt === null ? ledger.accept(command) : command
      ledger.effect(accepted, clock.now(), command.acceptedAt === null ? `not answered, but ${note}` : note)
    }
  }

  async #command(
    { verb, id, text, by, effect, withdrawn }: Asked,
    act: () => Promise<void>,
    connected: () => boolean | undefined,
    onSent?: (command: string) => void,
    explain: (error: unknown) => CommandError = commandError,
  ): Promise<Command> {
    const { context, polls, requests } = this.#lab
    const { ledger, clock, name } = context
    let command = ledger.send({ source: name, verb, target: id, text, by })
    onSent?.(command.id)
    this.#reads.records.asked(id, command)
    const before = command
    const withdrawal = new AbortController()
    const withdraw = () => {
      withdrawal.abort(new NotSent('whoever asked for it stopped waiting before its turn'))
    }
    if (withdrawn?.aborted) withdraw()
    withdrawn?.addEventListener('abort', withdraw, { once: true })
    try {
      await this.#turns.take(verb, () => requests.run(before, act), withdrawal.signal)
      command = ledger.accept(command)
    } catch (error) {
      command = ledger.fail(command, explain(error))
      // The list may show that it took effect; of a call nothing would.
      if (command.error?.outcome === 'not-answered' && verb !== 'call')
        this.#unseen.set(command.id, { command, id, effect })
      // A failure is the device's last error from now on.
      if (command.error?.status != null) await this.#reads.read(id)
      this.#reads.records.answered(id, command)
      return command
    } finally {
      withdrawn?.removeEventListener('abort', withdraw)
    }
    const body = await this.#reads.read(id, connected())
    this.#reads.records.answered(id, command)
    const note = body && effect(body)
    if (note != null) return ledger.effect(command, clock.now(), note)
    this.#unseen.set(command.id, { command, id, effect })
    polls.devicesNow()
    return command
  }
}

/** Of a call alone it is known what a plain 500 means (LabDaemon wire contract §3). */
function callError(error: unknown): CommandError {
  if (!(error instanceof LabDaemonError) || error.kind !== 'crashed') return commandError(error)
  const { status, type } = error
  return {
    outcome: 'not-answered',
    status,
    type,
    message: 'the method ran; its result cannot be encoded (plain 500): NaN, NumPy arrays and bytes do that',
    owner: null,
  }
}

function argumentsText(args: readonly unknown[], kwargs: Readonly<Record<string, unknown>>): string {
  return [
    ...args.map((value) => stringifyExact(value)),
    ...Object.entries(kwargs).map(([name, value]) => `${name}=${stringifyExact(value)}`),
  ].join(', ')
}
