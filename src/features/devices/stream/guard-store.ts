import { createStore } from 'zustand/vanilla'
import type { Device } from '#model/device.ts'
import { dismissSaid, sendCommand } from '#panels/command/command-store.ts'
import type { CommandAnswer, StreamStartRequest } from '#protocols/weir/api.ts'
import type { WeirClient } from '#protocols/weir/client.ts'
import { deviceTopic } from '#protocols/weir/topics.ts'
import type { DeviceVerb } from '../device-verbs.ts'
import { longStreamQuestion, questionOf, type StreamQuestion, type StreamVerb } from './stream-question.ts'

/** The one question that is open; a screen draws it, so that a card may vanish under it. */
export const guard = createStore<{ question: StreamQuestion | null }>(() => ({ question: null }))

export function closeGuard(): void {
  guard.setState({ question: null })
}

/** Starts or stops a stream where that disturbs nobody, and asks where it would. */
export async function askStream(weir: WeirClient, device: Device, verb: StreamVerb): Promise<void> {
  const error = await sendStream(weir, device, verb, { force: false })
  const question = questionOf(verb, device, error)
  if (!question) return
  // It is not refused: it waits for an answer.
  dismissSaid(deviceTopic(device.source, device.id))
  guard.setState({ question })
}

/** Stops a stream or disconnects its device, and asks where a stream of long ends with it. */
export function askToEnd(weir: WeirClient, device: Device, verb: 'stop' | 'disconnect', now: number): void {
  const question = longStreamQuestion(verb, device, now)
  if (question) guard.setState({ question })
  else endStream(weir, device, verb)
}

/** The same without that question. */
export function endStream(weir: WeirClient, device: Device, verb: 'stop' | 'disconnect'): void {
  if (verb === 'stop') void askStream(weir, device, 'stop')
  else void sendDevice(device, verb, () => weir.deviceCommand(device.source, device.id, 'disconnect'))
}

/** Starts or stops a stream; with `force` after the consequence was shown. Resolves with the error, or null. */
export function sendStream(
  weir: WeirClient,
  device: { source: string; id: string },
  verb: StreamVerb,
  options: StreamStartRequest & { force: boolean },
): Promise<unknown> {
  const { source, id } = device
  return sendDevice(device, `stream/${verb}`, () =>
    verb === 'start'
      ? weir.startStream(source, id, options)
      : weir.stopStream(source, id, { force: options.force }),
  )
}

/** @returns the error that was thrown, or null */
async function sendDevice(
  { source, id }: { source: string; id: string },
  verb: DeviceVerb,
  act: () => Promise<CommandAnswer>,
): Promise<unknown> {
  const failure = await sendCommand(deviceTopic(source, id), verb, act)
  return failure?.error ?? null
}
