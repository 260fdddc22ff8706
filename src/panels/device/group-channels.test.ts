import { expect, test } from 'vitest'
import type { Channel } from '#model/device-events.ts'
import { channelName, groupChannels, shortNames, tagsOf } from './group-channels.ts'

const channel = (name: string, part: Partial<Channel> = {}): Channel => ({
  name,
  kind: 'number',
  role: 'value',
  unit: null,
  length: 1,
  firstAt: 0,
  ...part,
})
const keys = (channels: readonly Channel[], units = {}) =>
  groupChannels(channels, units).groups.map(({ key, channels: own }) => [key, own.map(({ name }) => name)])

test('channels of like unit share a plot, those without one with their namesakes', () => {
  const channels = [
    channel('temp_c', { unit: '°C' }),
    channel('set_c', { unit: '°C' }),
    channel('ai0'),
    channel('ai1'),
    channel('gain'),
  ]
  expect(keys(channels)).toEqual([
    ['number:°C', ['temp_c', 'set_c']],
    ['number:/ai', ['ai0', 'ai1']],
    ['number:/gain', ['gain']],
  ])
})

test('a channel that appears later moves none that is there', () => {
  const before = [channel('ai0'), channel('gain')]
  const after = [...before, channel('ai1'), channel('[0]', { kind: 'array' })]
  const first = keys(before)
  expect(
    keys(after)
      .slice(0, 2)
      .map(([key]) => key),
  ).toEqual(first.map(([key]) => key))
  expect(keys(after)[0]).toEqual(['number:/ai', ['ai0', 'ai1']])
})

test('a plot has no more channels than colours', () => {
  const many = Array.from({ length: 19 }, (_, i) => channel(`[${i}]`, { kind: 'array' }))
  expect(groupChannels(many).groups.map(({ key, channels }) => [key, channels.length])).toEqual([
    ['array:/', 8],
    ['array:/#2', 8],
    ['array:/#3', 3],
  ])
})

test('counters and clocks stand aside, at the end', () => {
  const { groups } = groupChannels([
    channel('n', { role: 'counter' }),
    channel('t', { role: 'time' }),
    channel('x'),
  ])
  expect(groups.map(({ title, aside }) => [title, aside])).toEqual([
    ['x', false],
    ['Counters and clocks', true],
  ])
})

test('a unit given by hand puts a channel elsewhere; an empty one takes it away', () => {
  const channels = [channel('a_mw', { unit: 'mW' }), channel('b')]
  expect(keys(channels, { 'number b': 'mW' })).toEqual([['number:mW', ['a_mw', 'b']]])
  expect(keys(channels, { 'number a_mw': '' })).toEqual([
    ['number:/a_mw', ['a_mw']],
    ['number:/b', ['b']],
  ])
})

test('other kinds are not plots', () => {
  const { groups, states, images } = groupChannels([
    channel('s', { kind: 'state' }),
    channel('i', { kind: 'image' }),
  ])
  expect([groups.length, states.length, images.length]).toEqual([0, 1, 1])
})

test('names are short, and never empty', () => {
  expect(channelName(channel(''))).toBe('value')
  expect(channelName(channel('', { kind: 'array' }))).toBe('values')
  expect(shortNames([channel('channels.ai0'), channel('channels.ai1')])).toEqual(['ai0', 'ai1'])
  expect(shortNames([channel('a.x'), channel('b.x')])).toEqual(['a.x', 'b.x'])
  expect(tagsOf([channel('[0]'), channel('[1]')])).toEqual(['0', '1'])
  expect(tagsOf([channel('a1'), channel('b1')])).toEqual(['1', '2'])
})
