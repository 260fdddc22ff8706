import { stringifyExact } from '#lib/exact-json.ts'
import type { Author } from '#model/author.ts'
import type { Command, CommandVerb } from '#model/command.ts'
import { LabDaemonError } from '#protocols/labdaemon/errors.ts'
import type { DeviceBody } from '#protocols/labdaemon/schemas.ts'
import type { Call } from '#protocols/weir/api.ts'
import { CommandFailure, type Asked } from '../../../commands/source-commands.ts'
import { notSent, ownRefusal } from '../command-error.ts'
import type { Lab } from '../lab.ts'
import { OneAtATime } from '../one-at-a-time.ts'
import type { DeviceCalls } from './device-calls.ts'
import type { DeviceReads } from './device-reads.ts'

/** Arguments are shown in so many characters. */
const ARGUMENTS = 80

/** An effect is looked out for so long after a command was sent. */
const EFFECT_MS = 120_000

/** What the server answered to a command. */
interface Answer {
  /** Whether the device is connected, where the answer said that. */
  connected?: boolean
  /** How it shows that the command took effect; otherwise the device is looked at. */
  note?: string
}

/**
 * Commands to devices: one request of a kind at a time, each effective once the server's own word on the device
 * shows it.
 */
export class DeviceCommands {
  readonly #lab: Lab
  readonly #reads: DeviceReads
  readonly #calls: DeviceCalls
  readonly #turns = new OneAtATime()
  /** Commands whose effect, or answer, is still to be seen in the list. */
  readonly #unseen = new Map<string, { command: Command; note: string | undefined }>()

  constructor(lab: Lab, reads: DeviceReads, calls: DeviceCalls) {
    this.#lab = lab
    this.#reads = reads
    this.#calls = calls
  }

  connect(id: string, by: Author, withdrawn?: AbortSignal): Promise<Command> {
    return this.#command({ verb: 'connect', target: id, text: 'connect', by }, withdrawn, async () => {
      const { connected, message } = await this.#lab.client.connect(id)
      if (message === undefined) return { connected }
      // Where a device cannot tell, connecting never happens (LabDaemon wire contract §5.17).
      const isKnownOff = this.#reads.records.get(id)?.connected === false
      return {
        note: isKnownOff
          ? 'the server takes it for connected already, and did nothing'
          : 'it was connected already',
      }
    })
  }

  disconnect(id: string, by: Author, withdrawn?: AbortSignal): Promise<Command> {
    return this.#command({ verb: 'disconnect', target: id, text: 'disconnect', by }, withdrawn, async () => {
      const { connected, message } = await this.#lab.client.disconnect(id)
      // A device that cannot tell is taken for connected again when it is read alone (§5.17).
      const note = message === undefined ? 'the server says that it is not connected' : 'it was not connected'
      return { connected, note }
    })
  }

  add(
    id: string,
    type: string,
    params: Record<string, unknown>,
    by: Author,
    withdrawn?: AbortSignal,
  ): Promise<Command> {
    return this.#command({ verb: 'add', target: id, text: `add ${type}`, by }, withdrawn, async () => {
      await this.#lab.client.addDevice(id, type, params)
      return {}
    })
  }

  clearError(id: string, by: Author, withdrawn?: AbortSignal): Promise<Command> {
    const asked: Asked = { verb: 'clear-error', target: id, text: 'clear the last error', by }
    return this.#command(asked, withdrawn, async () => {
      await this.#lab.client.clearDeviceError(id)
      return {}
    })
  }

  async call(
    id: string,
    method: string,
    args: unknown[],
    kwargs: Record<string, unknown>,
    by: Author,
    withdrawn?: AbortSignal,
  ): Promise<{ command: Command; call: Call }> {
    const { client, commands, context } = this.#lab
    const calls = this.#calls
    const now = () => context.clock.now()
    const said = argumentsText(args, kwargs)
    const text = `${method}(${said.length > ARGUMENTS ? `${said.slice(0, ARGUMENTS)}…` : said})`
    const asked: Asked = { verb: 'call', target: id, text, by }
    const begin = (command: Command): Call =>
      calls.begin(id, { command: command.id, method, args, kwargs, by, at: now() }, said.length)
    const why = whyNotCallable(method)
    if (why !== null) {
      const error = ownRefusal(400, 'NotCallable', why)
      const command = commands.refuse(asked, error)
      return { command, call: calls.end(id, begin(command), now(), { error }) }
    }
    let call: Call | undefined
    const { command, answer } = await commands.carryOut(asked, (sent) => {
      call = begin(sent)
      return this.#inTurn(sent, withdrawn, async () => ({
        result: await client.call(id, method, args, kwargs).catch(explainCall),
      }))
    })
    const seen = await this.#look(command, {})
    const outcome = answer === undefined ? { error: command.error! } : answer
    return { command: seen, call: calls.end(id, call!, now(), outcome) }
  }

  /** The list was read: it may show what became of commands. */
  seen(bodies: readonly DeviceBody[]): void {
    if (this.#unseen.size === 0) return
    const { commands, context } = this.#lab
    for (const [key, { command, note: told }] of this.#unseen) {
      const body = bodies.find((each) => each.device_id === command.target)
      const note = body && (told ?? effectOf(command.verb, body))
      if (note == null) {
        if (context.clock.now() - command.sentAt < EFFECT_MS) continue
        this.#unseen.delete(key)
        if (command.acceptedAt !== null) commands.noEffect(command, 'the server does not show it')
        continue
      }
      this.#unseen.delete(key)
      if (command.acceptedAt !== null) commands.effect(command, note)
      else commands.effect(commands.accept(command), `not answered, but ${note}`)
    }
  }

  async #command(
    asked: Asked,
    withdrawn: AbortSignal | undefined,
    act: () => Promise<Answer>,
  ): Promise<Command> {
    const { command, answer } = await this.#lab.commands.carryOut(asked, (sent) =>
      this.#inTurn(sent, withdrawn, act),
    )
    return this.#look(command, answer ?? {})
  }

  /** Does what a command asks when its turn has come; not at all when whoever asked has stopped waiting by then. */
  async #inTurn<T>(sent: Command, withdrawn: AbortSignal | undefined, act: () => Promise<T>): Promise<T> {
    this.#reads.records.asked(sent.target, sent)
    const withdrawal = new AbortController()
    const withdraw = () => {
      withdrawal.abort(new CommandFailure(notSent('whoever asked for it stopped waiting before its turn')))
    }
    if (withdrawn?.aborted) withdraw()
    withdrawn?.addEventListener('abort', withdraw, { once: true })
    try {
      return await this.#turns.take(sent.verb, () => this.#lab.requests.run(sent, act), withdrawal.signal)
    } finally {
      withdrawn?.removeEventListener('abort', withdraw)
    }
  }

  /** Looks at the device whether a command shows its effect; if it does not yet, lists may. */
  async #look(command: Command, { connected, note: told }: Answer): Promise<Command> {
    const { commands, polls } = this.#lab
    const { error, target: id } = command
    if (error) {
      // The list may show that it took effect; of a call nothing would.
      if (error.outcome === 'not-answered' && command.verb !== 'call')
        this.#unseen.set(command.id, { command, note: undefined })
      // A failure is the device's last error from now on.
      if (error.status !== null) await this.#reads.read(id)
      this.#reads.records.answered(id, command)
      return command
    }
    const body = await this.#reads.read(id, connected)
    this.#reads.records.answered(id, command)
    const note = body && (told ?? effectOf(command.verb, body))
    if (note !== null) return commands.effect(command, note)
    this.#unseen.set(command.id, { command, note: told })
    polls.devicesNow()
    return command
  }
}

/** What shows on a device that a command took effect, in words; null while it does not show. */
function effectOf(verb: CommandVerb, body: DeviceBody): string | null {
  switch (verb) {
    case 'connect':
      return body.connected ? 'the server says that it is connected' : null
    case 'disconnect':
      return body.connected ? null : 'the server says that it is not connected'
    case 'add':
      return 'the server has it'
    case 'clear-error':
      return body.last_error == null ? 'the server has none' : null
    case 'call':
      return 'the method returned'
    default:
      return null
  }
}

/** Why a method is not called, though the server would; null for all others. */
function whyNotCallable(method: string): string | null {
  switch (method) {
    case 'start_streaming':
      return 'start_streaming takes a function, which cannot be sent. Use “Start stream”: it brings the data to Weir.'
    case 'stop_streaming':
      return 'stop_streaming would stop the device behind the back of whoever it streams for. Use “Stop stream”.'
    default:
      return null
  }
}

/** Of a call alone it is known what a plain 500 means (LabDaemon wire contract §3). */
function explainCall(error: unknown): never {
  if (!(error instanceof LabDaemonError) || error.kind !== 'crashed') throw error
  const { status, type } = error
  throw new CommandFailure({
    outcome: 'not-answered',
    status,
    type,
    message: 'the method ran; its result cannot be encoded (plain 500): NaN, NumPy arrays and bytes do that',
    owner: null,
  })
}

function argumentsText(args: readonly unknown[], kwargs: Readonly<Record<string, unknown>>): string {
  return [
    ...args.map((value) => stringifyExact(value)),
    ...Object.entries(kwargs).map(([name, value]) => `${name}=${stringifyExact(value)}`),
  ].join(', ')
}
