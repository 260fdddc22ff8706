import type { Channel } from '#model/device-events.ts'
import { COLOURS } from '../plot/channel-look.ts'

/** Channels that share a plot. */
export interface ChannelGroup {
  /** Stays the same while channels come and go. */
  key: string
  kind: 'number' | 'array'
  title: string
  unit: string | null
  channels: readonly Channel[]
  /** Counters, clocks and rates: there for those who look for them. */
  aside: boolean
}

export interface GroupedChannels {
  groups: readonly ChannelGroup[]
  states: readonly Channel[]
  images: readonly Channel[]
}

/** The name of a channel across kinds. */
export function channelKey({ kind, name }: Pick<Channel, 'kind' | 'name'>): string {
  return `${kind} ${name}`
}

/** A channel's name for people: what a message is as a whole has none of its own. */
export function channelName({ name, kind }: Pick<Channel, 'kind' | 'name'>): string {
  return name === '' ? (kind === 'array' ? 'values' : kind === 'number' ? 'value' : kind) : name
}

/** What someone chose for a unit, else what its name tells. */
export function unitFor(channel: Channel, units: Readonly<Record<string, string>>): string | null {
  const chosen = units[channelKey(channel)]
  return chosen === undefined ? channel.unit : chosen === '' ? null : chosen
}

/**
 * Puts channels of like unit into one plot, those without a unit with their namesakes (`ai0`, `ai1`). Where a
 * channel goes depends on itself and on those before it, so that a new one moves none that is there.
 */
export function groupChannels(
  channels: readonly Channel[],
  units: Readonly<Record<string, string>> = {},
): GroupedChannels {
  const open = new Map<string, { part: number; channels: Channel[] }>()
  const made: {
    key: string
    kind: 'number' | 'array'
    unit: string | null
    aside: boolean
    channels: Channel[]
  }[] = []
  for (const channel of channels) {
    const { kind } = channel
    if (kind !== 'number' && kind !== 'array') continue
    const aside = channel.role !== 'value'
    const unit = aside ? null : unitFor(channel, units)
    const base = aside ? `aside` : `${kind}:${unit ?? `/${stemOf(channel.name)}`}`
    let group = open.get(base)
    if (!group || group.channels.length >= COLOURS) {
      group = { part: (group?.part ?? 0) + 1, channels: [] }
      open.set(base, group)
      made.push({
        key: group.part === 1 ? base : `${base}#${group.part}`,
        kind,
        unit,
        aside,
        channels: group.channels,
      })
    }
    group.channels.push(channel)
  }
  return {
    groups: made
      .map((group) => ({ ...group, title: titleOf(group) }))
      .sort((a, b) => Number(a.aside) - Number(b.aside)),
    states: channels.filter(({ kind }) => kind === 'state'),
    images: channels.filter(({ kind }) => kind === 'image'),
  }
}

/** A name without what numbers it: `channels.ai0` → `channels.ai`, `[3]` → ``. */
function stemOf(name: string): string {
  return name.replace(/\[?\d+\]?$/, '')
}

function titleOf(group: { aside: boolean; channels: readonly Channel[] }): string {
  if (group.aside) return 'Counters and clocks'
  const names = group.channels.map(channelName)
  if (names.length === 1) return names[0]!
  if (names.every((name) => name !== stemOf(name) && stemOf(name) === stemOf(names[0]!))) {
    const last = names.at(-1)!
    return `${names[0]} to ${last.slice(last.lastIndexOf('.') + 1)}`
  }
  const common = commonStart(names)
  if (common.length >= 2) return `${common} (${names.length} channels)`
  return names.length <= 3 ? names.join(', ') : `${names[0]} and ${names.length - 1} more`
}

/** What all names begin with, up to a joint. */
function commonStart(names: readonly string[]): string {
  let length = 0
  const [first = ''] = names
  while (length < first.length && names.every((name) => name[length] === first[length])) length += 1
  return first.slice(0, length).replace(/[^\p{L}\p{N}]+$/u, '')
}

/** Names of a plot's channels without what they have in common. */
export function shortNames(channels: readonly Channel[]): string[] {
  const names = channels.map(channelName)
  if (names.length < 2) return names
  const joint = Math.min(...names.map((name) => name.lastIndexOf('.') + 1))
  const common = names[0]!.slice(0, joint)
  return joint > 0 && names.every((name) => name.startsWith(common))
    ? names.map((name) => name.slice(joint))
    : names
}

/** What stands at a line's end: the digits of its name where they tell channels apart, else its number. */
export function tagsOf(channels: readonly Channel[]): string[] {
  const digits = channels.map(({ name }) => /(\d{1,2})\]?$/.exec(name)?.[1] ?? '')
  const distinct = digits.every((text, i) => text !== '' && digits.indexOf(text) === i)
  return distinct ? digits : channels.map((_, i) => String(i + 1))
}
