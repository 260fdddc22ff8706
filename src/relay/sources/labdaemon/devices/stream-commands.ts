import { inBackground } from '#lib/isolate.ts'
import type { Author } from '#model/author.ts'
import type { Command, CommandError } from '#model/command.ts'
import type { DeviceBody } from '#protocols/labdaemon/schemas.ts'
import type { Disturbance } from '#protocols/weir/api.ts'
import { taskOfStream } from '#protocols/labdaemon/stream-devices.ts'
import { deviceTopic } from '#protocols/weir/topics.ts'
import type { Asked } from '../../../commands/source-commands.ts'
import { commandError, ownRefusal, readError } from '../command-error.ts'
import type { Lab } from '../lab.ts'
import { CLOSE } from '../streams/stream-queue.ts'
import { OneAtATime } from '../one-at-a-time.ts'
import { foreignStopDisturbs, startDisturbs, stopDisturbs, type Consent, type Use } from './device-guard.ts'
import type { DeviceReads } from './device-reads.ts'
import type { HeldDevice } from './held-device.ts'
import type { HeldDevices } from './held-devices.ts'

type StreamVerb = 'stream/start' | 'stream/stop'
const WORDS: Record<StreamVerb, string> = { 'stream/start': 'start stream', 'stream/stop': 'stop stream' }

/** How long a stream is kept when nobody watches, and whether its consequence was accepted. */
export interface StartOptions {
  keepMs: number | null
  force: boolean
}

interface Begun {
  command: Command
  held: HeldDevice
  /** It was open before, or about to be. */
  wasLive: boolean
}

/** Starts and stops of device streams, and the questions asked before. */
export class StreamCommands {
  readonly #lab: Lab
  readonly #reads: DeviceReads
  readonly #held: HeldDevices
  /** One after another for each device: two people may want the same. */
  readonly #turns = new OneAtATime()
  /** Devices that are about to be let go, since nobody watches. */
  readonly #leaving = new Set<string>()

  constructor(lab: Lab, reads: DeviceReads, held: HeldDevices) {
    this.#lab = lab
    this.#reads = reads
    this.#held = held
  }

  async start(id: string, options: StartOptions, by: Author): Promise<Command | Disturbance> {
    const begun = await this.#turns.take(id, () => this.#begin(id, options, by))
    if (!('held' in begun)) return begun
    const { command, held, wasLive } = begun
    const error = await held.opened
    await this.#reads.read(id)
    this.#reads.records.answered(id, command)
    const { commands } = this.#lab
    if (error) return commands.fail(command, error)
    const note = wasLive ? 'Weir streamed it already' : 'the server sends its stream'
    return commands.effect(commands.accept(command), note)
  }

  stop(id: string, { force }: { force: boolean }, by: Author): Promise<Command | Disturbance> {
    return this.#turns.take(id, () => this.#stop(id, force, by))
  }

  /** Leaves a device's stream, if Weir holds it and no task owns it: something else is to be done with the device. */
  leave(id: string, reason: string): Promise<void> {
    return this.#turns.take(id, async () => {
      // Unread it is kept: to hang up might stop the data of a task.
      if (this.#held.of(id) && (await this.#reads.read(id))?.owned_by === null)
        await this.#held.of(id)?.leave(reason, null)
    })
  }

  /** Lets go of streams that nobody has watched for as long as they were to be kept. */
  leaveAlone(leftAlone: readonly HeldDevice[]): void {
    if (this.#lab.server.isOk) for (const held of leftAlone) inBackground(this.#leaveAlone(held))
  }

  /** The part of a start that other starts and stops of the device wait for. */
  async #begin(
    id: string,
    { keepMs, force }: StartOptions,
    by: Author,
  ): Promise<Begun | Command | Disturbance> {
    const task = taskOfStream(id)
    if (task !== null) return this.#refused('stream/start', id, by, ofTask(id, task))
    let body: DeviceBody
    try {
      body = await this.#reads.readNow(id)
    } catch (error) {
      return this.#refused('stream/start', id, by, readError(error))
    }
    if (this.#held.isStopped)
      return this.#refused('stream/start', id, by, ownRefusal(409, 'Stopping', 'Weir is stopping'))
    const known = this.#held.of(id)
    // What Weir streams already disturbs nobody anew.
    const wasLive = known?.isLive ?? false
    const disturbance = wasLive ? null : startDisturbs(body)
    if (disturbance && !force) return disturbance
    const { owned_by: owner } = body
    const consent: Consent = { owner, takeOver: disturbance !== null && owner === null }
    const command = await this.#lab.commands.enter(askedOf('stream/start', id, by))
    this.#reads.records.asked(id, command)
    if (!known) return { command, held: this.#held.hold(id, { by, keepMs, consent }), wasLive }
    known.keep(longer(known.keepMs, keepMs))
    known.startAgain(consent)
    return { command, held: known, wasLive }
  }

  async #stop(id: string, force: boolean, by: Author): Promise<Command | Disturbance> {
    const task = taskOfStream(id)
    if (task !== null) return this.#refused('stream/stop', id, by, ofTask(id, task))
    const { context, server } = this.#lab
    const held = this.#held.of(id)
    const known = held && this.#reads.records.get(id)
    let use: Use
    try {
      // What Weir holds it lets go of, though the server may not answer.
      use =
        known && !server.isOk
          ? { device_id: id, streaming: known.streaming, owned_by: known.ownedBy }
          : await this.#reads.readNow(id)
    } catch (error) {
      return this.#refused('stream/stop', id, by, readError(error))
    }
    const disturbance = held
      ? stopDisturbs(use, context.watchersOf(deviceTopic(context.name, id)))
      : foreignStopDisturbs(use)
    if (disturbance && !force) return disturbance
    const command = await this.#lab.commands.enter(askedOf('stream/stop', id, by))
    return this.#stopNow(id, held, use, command, 'stopped by a person')
  }

  async #leaveAlone(held: HeldDevice): Promise<void> {
    const { id } = held
    if (this.#leaving.has(id)) return
    this.#leaving.add(id)
    try {
      await this.#turns.take(id, async () => {
        // Who owns it now decides; when it cannot be asked, it is asked again later.
        const body = await this.#reads.read(id)
        const { name, watchersOf } = this.#lab.context
        if (!body || this.#held.of(id) !== held || watchersOf(deviceTopic(name, id)) > 0) return
        if (body.owned_by !== null) {
          held.keepFor(body.owned_by)
          return
        }
        const by: Author = { kind: 'weir', reason: 'unwatched' }
        const text = 'stop stream: nobody watches it any more'
        const command = await this.#lab.commands.enter({ verb: 'stream/stop', target: id, text, by })
        const { error } = await this.#stopNow(id, held, body, command, 'nobody watched it any more')
        if (error?.owner != null) held.keepFor(error.owner)
      })
    } finally {
      this.#leaving.delete(id)
    }
  }

  /** @param agreedOn what the server said of the device when the consequence was accepted */
  async #stopNow(
    id: string,
    held: HeldDevice | undefined,
    agreedOn: Use,
    sent: Command,
    reason: string,
  ): Promise<Command> {
    const { commands } = this.#lab
    this.#reads.records.asked(id, sent)
    let error: CommandError | null = null
    if (held) {
      const owner = await held.leave(reason, agreedOn.owned_by)
      if (owner !== null) error = takenBy(id, owner)
    } else error = await this.#stopForeign(id, agreedOn)
    const body = await this.#reads.read(id)
    this.#reads.records.answered(id, sent)
    if (error) return commands.fail(sent, error)
    const command = commands.accept(sent)
    return body?.streaming
      ? commands.noEffect(command, 'the server says that it streams all the same, for someone else')
      : commands.effect(command, body ? 'the server says that it does not stream' : 'Weir let go of it')
  }

  /** Stops what Weir does not hold, as long as that is what was agreed on; the device is looked at in the same job. */
  #stopForeign(id: string, agreedOn: Use): Promise<CommandError | null> {
    const { client, queue } = this.#lab
    return queue.add(CLOSE, async () => {
      try {
        const { streaming, owned_by: owner } = await client.device(id)
        if (!streaming) return null
        if (owner !== agreedOn.owned_by || !agreedOn.streaming) return takenBy(id, owner)
      } catch (error) {
        return readError(error)
      }
      try {
        await client.stopStream(id)
        return null
      } catch (error) {
        return commandError(error)
      }
    })
  }

  #refused(verb: StreamVerb, id: string, by: Author, error: CommandError): Command {
    return this.#lab.commands.refuse(askedOf(verb, id, by), error)
  }
}

function askedOf(verb: StreamVerb, target: string, by: Author): Asked {
  return { verb, target, text: WORDS[verb], by }
}

function longer(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : Math.max(a, b)
}

/** It is not as it was when the consequence was accepted. */
function takenBy(id: string, owner: string | null): CommandError {
  const message = `not stopped: ${owner ?? 'another client'} has taken ${id} meanwhile`
  return { ...ownRefusal(409, 'DeviceInUse', message), owner }
}

function ofTask(id: string, task: string): CommandError {
  return ownRefusal(
    400,
    'StreamOfTask',
    `${id} is the stream of task ${task}; Weir holds it as long as that runs`,
  )
}
