import { inBackground, isolate } from '#lib/isolate.ts'
import type { Author } from '#model/author.ts'
import type { Command, CommandError } from '#model/command.ts'
import type { Gap } from '#model/gap.ts'
import type { DeviceBody } from '#protocols/labdaemon/schemas.ts'
import type { Disturbance, RawItem } from '#protocols/weir/api.ts'
import { deviceTopic } from '#protocols/weir/topics.ts'
import { commandError, ownRefusal, readError } from './command-error.ts'
import { foreignStopDisturbs, startDisturbs, stopDisturbs, type Consent, type Use } from './device-guard.ts'
import type { DeviceCommands } from './device-commands.ts'
import { STREAM_PREFIX, type DeviceRecords } from './device-records.ts'
import { HeldDevice } from './held-device.ts'
import type { Lab } from './lab.ts'
import { RawMessages } from '../raw-messages.ts'
import type { Turn } from './stream-queue.ts'
import { Turns } from './turns.ts'

type StreamVerb = 'stream/start' | 'stream/stop'
const WORDS: Record<StreamVerb, string> = { 'stream/start': 'start stream', 'stream/stop': 'stop stream' }
const CLOSE = (): Turn => ({ class: 'close' })

interface Begun {
  command: Command
  held: HeldDevice
  /** It was open before, or about to be. */
  wasLive: boolean
  done: () => void
}

export interface DeviceStreamsOptions {
  lab: Lab
  records: DeviceRecords
  commands: DeviceCommands
}

/** The device streams that Weir holds, each by somebody's word, and the questions asked before. */
export class DeviceStreams {
  readonly #options: DeviceStreamsOptions
  readonly #held = new Map<string, HeldDevice>()
  readonly #raw = new Map<string, RawMessages>()
  /** When each stream ended; what came after is missing. */
  readonly #endedAt = new Map<string, number>()
  readonly #leaving = new Set<string>()
  readonly #turns = new Turns()
  #stopped = false

  constructor(options: DeviceStreamsOptions) {
    this.#options = options
  }

  get count(): number {
    return this.#held.size
  }

  raw(id: string): readonly RawItem[] {
    return this.#raw.get(id)?.items ?? []
  }

  async start(
    id: string,
    options: { keepMs: number | null; force: boolean },
    by: Author,
  ): Promise<Command | Disturbance> {
    const begun = await this.#turns.take(id, () => this.#begin(id, options, by))
    if (!('held' in begun)) return begun
    const { command, held, wasLive, done } = begun
    const error = await held.opened
    await this.#options.commands.read(id)
    done()
    const { ledger, clock } = this.#options.lab.context
    if (error) return ledger.fail(command, error)
    return ledger.effect(
      ledger.accept(command),
      clock.now(),
      wasLive ? 'Weir streamed it already' : 'the server sends its stream',
    )
  }

  stop(id: string, options: { force: boolean }, by: Author): Promise<Command | Disturbance> {
    return this.#turns.take(id, () => this.#stop(id, options.force, by))
  }

  /** Leaves a device's stream, if Weir holds it and no task owns it: something else is to be done with the device. */
  leave(id: string, reason: string): Promise<void> {
    return this.#turns.take(id, async () => {
      // Unread it is kept: to hang up might stop the data of a task.
      if (this.#held.has(id) && (await this.#options.commands.read(id))?.owned_by === null)
        await this.#held.get(id)?.leave(reason, null)
    })
  }

  keep(id: string, keepMs: number | null): boolean {
    const held = this.#held.get(id)
    held?.keep(keepMs)
    return held !== undefined
  }

  /** Tries again now what waits for its time; of one device, or of all. */
  retry(id?: string): void {
    for (const [each, { upstream }] of this.#held)
      if (id === undefined || id === each) upstream.stream.retry()
  }

  /** The server's word on a device that Weir may hold. */
  seen({ device_id: id, owned_by: owner }: DeviceBody): void {
    this.#held.get(id)?.ownedBy(owner)
  }

  gone(id: string): void {
    this.#held.get(id)?.drop('failed', 'the device is gone')
  }

  everySecond(slept: boolean): void {
    const { lab, records } = this.#options
    const { context, server } = lab
    for (const [id, held] of this.#held)
      isolate(held, () => {
        const { upstream } = held
        if (!slept) inBackground(upstream.stream.watch(true))
        records.update(id, {
          rate: upstream.rate(),
          eventAt: upstream.eventAt ?? records.get(id)?.eventAt ?? null,
        })
        const isLeftAlone = held.isLeftAlone(context.watchersOf(deviceTopic(context.name, id)))
        if (isLeftAlone && server.isOk) inBackground(this.#leave(id, held))
      })
  }

  /** Leaves all streams the server's way, but for those whose devices tasks own. */
  async finish(reason: string): Promise<void> {
    this.#stopped = true
    await Promise.all(Array.from(this.#held.values(), (held) => held.leave(reason, null)))
  }

  drop(reason: string): void {
    this.#stopped = true
    for (const held of this.#held.values()) held.drop('closed', reason)
  }

  /** The part of a start that other starts and stops of the device wait for: two people may want the same. */
  async #begin(
    id: string,
    { keepMs, force }: { keepMs: number | null; force: boolean },
    by: Author,
  ): Promise<Begun | Command | Disturbance> {
    const { commands } = this.#options
    if (id.startsWith(STREAM_PREFIX)) return this.#refused('stream/start', id, by, ofTask(id))
    let body: DeviceBody
    try {
      body = await this.#read(id)
    } catch (error) {
      return this.#refused('stream/start', id, by, readError(error))
    }
    if (this.#stopped)
      return this.#refused('stream/start', id, by, ownRefusal(409, 'Stopping', 'Weir is stopping'))
    let held = this.#held.get(id)
    // What Weir streams already disturbs nobody anew.
    const wasLive = held?.isLive ?? false
    const disturbance = wasLive ? null : startDisturbs(body)
    if (disturbance && !force) return disturbance
    const { owned_by: owner } = body
    const consent: Consent = { owner, takeOver: disturbance !== null && owner === null }
    const command = this.#send('stream/start', id, by)
    const done = commands.busy(id, { command: command.id, text: command.text, since: command.sentAt })
    if (held) {
      held.keep(longer(held.keepMs, keepMs))
      held.startAgain(consent)
    } else {
      held = this.#hold(id, keepMs, consent, by)
      held.start()
    }
    return { command, held, wasLive, done }
  }

  async #stop(id: string, force: boolean, by: Author): Promise<Command | Disturbance> {
    if (id.startsWith(STREAM_PREFIX)) return this.#refused('stream/stop', id, by, ofTask(id))
    const { records, lab } = this.#options
    const { context, server } = lab
    const held = this.#held.get(id)
    const known = held && records.get(id)
    let use: Use
    try {
      // What Weir holds it lets go of, though the server may not answer.
      use =
        known && !server.isOk
          ? { device_id: id, streaming: known.streaming, owned_by: known.ownedBy }
          : await this.#read(id)
    } catch (error) {
      return this.#refused('stream/stop', id, by, readError(error))
    }
    const disturbance = held
      ? stopDisturbs(use, context.watchersOf(deviceTopic(context.name, id)))
      : foreignStopDisturbs(use)
    if (disturbance && !force) return disturbance
    return this.#stopNow(id, held, use, this.#send('stream/stop', id, by), 'stopped by a person')
  }

  async #read(id: string): Promise<DeviceBody> {
    const { lab, records } = this.#options
    const body = await lab.client.device(id)
    records.read(body)
    this.seen(body)
    return body
  }

  /** Nobody has watched for as long as the stream was to be kept. */
  async #leave(id: string, held: HeldDevice): Promise<void> {
    if (this.#leaving.has(id)) return
    this.#leaving.add(id)
    try {
      await this.#turns.take(id, async () => {
        // Who owns it now decides; when it cannot be asked, it is asked again later.
        const body = await this.#options.commands.read(id)
        const { name, watchersOf } = this.#options.lab.context
        if (!body || this.#held.get(id) !== held || watchersOf(deviceTopic(name, id)) > 0) return
        if (body.owned_by !== null) {
          held.keepFor(body.owned_by)
          return
        }
        const command = this.#send(
          'stream/stop',
          id,
          { kind: 'weir', reason: 'unwatched' },
          'stop stream: nobody watches it any more',
        )
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
    const { commands, lab } = this.#options
    const { ledger, clock } = lab.context
    const done = commands.busy(id, { command: sent.id, text: sent.text, since: sent.sentAt })
    let error: CommandError | null = null
    if (held) {
      const owner = await held.leave(reason, agreedOn.owned_by)
      if (owner !== null) error = takenBy(id, owner)
    } else error = await this.#stopForeign(id, agreedOn)
    const body = await commands.read(id)
    done()
    if (error) return ledger.fail(sent, error)
    const command = ledger.accept(sent)
    return body?.streaming
      ? ledger.effect(command, null, 'the server says that it streams all the same, for someone else')
      : ledger.effect(
          command,
          clock.now(),
          body ? 'the server says that it does not stream' : 'Weir let go of it',
        )
  }

  /** Stops what Weir does not hold, as long as that is what was agreed on; the device is looked at in the same job. */
  #stopForeign(id: string, agreedOn: Use): Promise<CommandError | null> {
    const { client, queue } = this.#options.lab
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

  #hold(id: string, keepMs: number | null, consent: Consent, by: Author): HeldDevice {
    const { lab, records, commands } = this.#options
    const { client, context, queue, server, streams, traffic } = lab
    const { name, clock, random, deviceBook } = context
    const raw = this.#raw.get(id) ?? new RawMessages()
    this.#raw.set(id, raw)
    const gap = (hole: Gap) => {
      traffic.gaps += 1
      deviceBook.gap(name, id, hole)
    }
    let wasOpen = false
    const held = new HeldDevice({
      deviceId: id,
      client,
      queue,
      clock,
      random,
      server,
      streams,
      traffic,
      isWatched: () => context.isWatched(deviceTopic(name, id)),
      by,
      keepMs,
      consent,
      raw,
      receive: (messages) => {
        deviceBook.receive(name, id, messages)
      },
      gap,
      ended: () => {
        deviceBook.ended(name, id)
      },
      onInterrupted: () => {
        server.streamLost()
      },
      onChange: (patch) => {
        const endedAt = this.#endedAt.get(id)
        if (patch.stream?.name === 'open' && endedAt !== undefined) {
          this.#endedAt.delete(id)
          gap(notStreamed(endedAt, clock.now()))
        }
        records.update(id, patch)
        if (patch.stream?.name !== 'open') return
        // Opened again by itself: the server's word on the device is older than that.
        if (wasOpen) inBackground(commands.read(id))
        wasOpen = true
      },
      onEnd: (asked) => {
        if (!asked && server.isOk) inBackground(commands.read(id))
        this.#held.delete(id)
        if (held.upstream.messages > 0) this.#endedAt.set(id, clock.now())
      },
    })
    this.#held.set(id, held)
    return held
  }

  #send(verb: StreamVerb, id: string, by: Author, text: string = WORDS[verb]): Command {
    const { ledger, name } = this.#options.lab.context
    return ledger.send({ source: name, verb, target: id, text, by })
  }

  #refused(verb: StreamVerb, id: string, by: Author, error: CommandError): Command {
    return this.#options.lab.context.ledger.fail(this.#send(verb, id, by), error)
  }
}

function longer(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : Math.max(a, b)
}

/** It is not as it was when the consequence was accepted. */
function takenBy(id: string, owner: string | null): CommandError {
  const message = `not stopped: ${owner ?? 'another client'} has taken ${id} meanwhile`
  return { ...ownRefusal(409, 'DeviceInUse', message), owner }
}

function ofTask(id: string): CommandError {
  const task = id.slice(STREAM_PREFIX.length)
  return ownRefusal(
    400,
    'StreamOfTask',
    `${id} is the stream of task ${task}; Weir holds it as long as that runs`,
  )
}

/** The time between two streams of a device: nothing was asked of it. */
function notStreamed(from: number, to: number): Gap {
  const clock = (at: number) => new Date(at).toISOString().slice(11, 19)
  return {
    at: to,
    cause: 'late',
    text: `not streamed from ${clock(from)} to ${clock(to)} UTC`,
    missed: null,
  }
}
