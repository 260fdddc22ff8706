import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import { deviceKey } from '#model/device.ts'
import { latestCommands, type LatestCommand } from '#panels/command/latest-command.ts'
import type { CommandAnswer } from '#protocols/weir/api.ts'
import type { DeviceVerb } from './device-verbs.ts'

export type DeviceCommandState = LatestCommand<DeviceVerb>

/** What became of the last command this page sent for each device: the list and its page share it. */
const commands = latestCommands<DeviceVerb>()

/** Commands of the ledger that nobody waits for any more on this page. */
const left = createStore<{ commands: ReadonlySet<string> }>(() => ({ commands: new Set() }))

export function useDeviceCommand(key: string): DeviceCommandState | undefined {
  return commands.use(key)
}

/** True while a command of this page waits for its answer. */
export function isUnderWay(said: DeviceCommandState | undefined, verb: DeviceVerb): boolean {
  return said?.verb === verb && said.refusal === null
}

/** Whether this page has stopped waiting for a command. */
export function useIsLeft(command: string | undefined): boolean {
  return useStore(left, (state) => command !== undefined && state.commands.has(command))
}

/** Sends a command and keeps what is said of it; resolves with the error that was thrown, or null. */
export async function sendDeviceCommand(
  device: { source: string; id: string },
  verb: DeviceVerb,
  send: () => Promise<CommandAnswer>,
): Promise<unknown> {
  const failure = await commands.send(deviceKey(device), verb, send)
  return failure?.error ?? null
}

/** Leaves off waiting: the request goes on, and the ledger shows what becomes of it. */
export function stopWaiting(key: string, command: string | undefined): void {
  commands.dismiss(key)
  if (command === undefined) return
  left.setState((state) => ({ commands: new Set([...state.commands, command].slice(-200)) }))
}

export function dismissRefusal(key: string): void {
  commands.dismiss(key)
}
