import type { CommandVerb } from '#model/command.ts'

const LABELS: Readonly<Record<CommandVerb, string>> = {
  start: 'Start',
  cancel: 'Cancel',
  pause: 'Pause',
  resume: 'Resume',
  parameter: 'Set parameter',
  connect: 'Connect',
  disconnect: 'Disconnect',
  call: 'Call',
  'stream/start': 'Start stream',
  'stream/stop': 'Stop stream',
  add: 'Add device',
  'clear-error': 'Clear error',
}

/** What a control that sends the command is called. */
export function verbLabel(verb: CommandVerb): string {
  return LABELS[verb]
}
