import { expect, it } from 'vitest'
import { parseAnsi, stripAnsi } from './ansi.ts'

const E = '\x1b['

it('gives stretches of text with classes', () => {
  expect(parseAnsi(`a ${E}31mred${E}0m ${E}1;4;92mbright${E}0m`)).toEqual([
    { text: 'a ', style: null },
    { text: 'red', style: { className: 'ansi-red-fg', fg: null, bg: null } },
    { text: ' ', style: null },
    {
      text: 'bright',
      style: { className: 'ansi-bold ansi-underline ansi-bright-green-fg', fg: null, bg: null },
    },
  ])
})

it('gives colours of the palette and true colours as values', () => {
  const [orange, grey, rgb] = parseAnsi(`${E}38;5;208ma${E}38;5;240mb${E}0m${E}48;2;1;2;3mc`)
  expect(orange?.style).toMatchObject({ className: 'ansi-fg', fg: 'rgb(255, 135, 0)' })
  expect(grey?.style?.fg).toBe('rgb(88, 88, 88)')
  expect(rgb?.style).toMatchObject({ className: 'ansi-bg', bg: 'rgb(1, 2, 3)' })
})

it('reads the forms with colons', () => {
  const [orange, wavy] = parseAnsi(`${E}38:2::255:128:0mo${E}0;4:3mw`)
  expect(orange?.style).toMatchObject({ className: 'ansi-fg', fg: 'rgb(255, 128, 0)' })
  expect(wavy?.style?.className).toBe('ansi-underline')
})

it('keeps markup as text', () => {
  expect(parseAnsi(`${E}31m<img src=x onerror=alert(1)>${E}0m`)[0]?.text).toBe('<img src=x onerror=alert(1)>')
})

it('drops titles, links, cursor moves and other sequences', () => {
  const text = `\x1b]0;title\x07${E}2K${E}1Ga\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\\x1b(B${E}?25l`
  expect(
    parseAnsi(text)
      .map((part) => part.text)
      .join(''),
  ).toBe('alink')
  expect(stripAnsi(`${text}${E}1;31mb${E}m`)).toBe('alinkb')
})

it('gives reverse video a background', () => {
  expect(parseAnsi(`${E}7mx`)[0]?.style?.className).toBe('ansi-black-fg ansi-white-bg')
})
