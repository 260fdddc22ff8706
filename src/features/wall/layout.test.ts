import { describe, expect, test } from 'vitest'
import {
  addPanel,
  closePanel,
  columnsWhenNarrow,
  dropPanel,
  formatLayout,
  MAX_PANELS,
  movePanel,
  panelKey,
  parseLayout,
  resizePanel,
  type WallLayout,
} from './layout.ts'

const layout = (text: string): WallLayout => parseLayout(text).panels
const THREE = 'log:lab/a:6x8,progress:lab/b:3x4,output:cloud/c:12x6'

describe('a layout in the address', () => {
  test('is written as it is read', () => {
    expect(formatLayout(layout(THREE))).toBe(THREE)
    expect(layout('log:lab/sweep-1:6x8')).toEqual([{ kind: 'log', source: 'lab', id: 'sweep-1', w: 6, h: 8 }])
  })

  test('keeps names that hold its own punctuation', () => {
    const panels = addPanel([], { kind: 'log', source: 'my lab', id: 'a/b:c,d%é' })
    expect(formatLayout(panels)).toBe('log:my%20lab/a%2Fb%3Ac%2Cd%25é:6x8')
    expect(layout(formatLayout(panels))).toEqual(panels)
  })

  test('holds devices beside tasks', () => {
    const text = 'log:lab/a:6x8,device:lab/daq1:6x10'
    expect(formatLayout(layout(text))).toBe(text)
    expect(layout('device:lab/daq1')).toEqual([{ kind: 'device', source: 'lab', id: 'daq1', w: 6, h: 10 }])
  })

  test('needs no size, and brings a wild one into bounds', () => {
    expect(formatLayout(layout('log:lab/a,progress:lab/b:99x0'))).toBe('log:lab/a:6x8,progress:lab/b:12x3')
  })

  test('leaves out what it cannot read, and says so', () => {
    expect(parseLayout('plot:lab/a:6x8,log:lab,log:lab/%zz,,log:lab/ok:6x8,log:lab/ok:3x3')).toEqual({
      panels: layout('log:lab/ok:6x8'),
      unread: ['plot:lab/a:6x8', 'log:lab', 'log:lab/%zz'],
    })
  })

  test('holds hundreds of panels but not any number', () => {
    const many = Array.from({ length: MAX_PANELS + 3 }, (_, i) => `log:lab/t${i}`).join(',')
    const parsed = parseLayout(many)
    expect(parsed.panels.length).toBe(MAX_PANELS)
    expect(parsed.unread.length).toBe(3)
  })
})

describe('changing a layout', () => {
  const panels = layout(THREE)
  const [a, b, c] = panels.map(panelKey) as [string, string, string]
  const order = (after: WallLayout) => after.map((panel) => panel.id).join('')

  test('adds at the end, once', () => {
    expect(order(addPanel(panels, { kind: 'log', source: 'lab', id: 'd' }))).toBe('abcd')
    expect(addPanel(panels, { kind: 'log', source: 'lab', id: 'a' })).toBe(panels)
    expect(order(addPanel(panels, { kind: 'progress', source: 'lab', id: 'a' }))).toBe('abca')
  })

  test('closes', () => {
    expect(order(closePanel(panels, b))).toBe('ac')
    expect(order(closePanel(panels, 'log:lab/none'))).toBe('abc')
  })

  test('moves to a place, held at the ends', () => {
    expect(order(movePanel(panels, a, 1))).toBe('bac')
    expect(order(movePanel(panels, c, -5))).toBe('cab')
    expect(movePanel(panels, a, -1)).toBe(panels)
    expect(movePanel(panels, 'log:lab/none', 0)).toBe(panels)
  })

  test.each([
    [a, c, 'after', 'bca'],
    [a, c, 'before', 'bac'],
    [c, a, 'before', 'cab'],
    [c, a, 'after', 'acb'],
    [b, b, 'after', 'abc'],
    [a, b, 'before', 'abc'],
  ] as const)('drops %s on %s, %s it', (key, target, side, result) => {
    expect(order(dropPanel(panels, key, { key: target, side }))).toBe(result)
  })

  test('resizes within bounds and changes nothing else', () => {
    const wide = resizePanel(panels, a, { w: 40 })
    expect(formatLayout(wide)).toBe('log:lab/a:12x8,progress:lab/b:3x4,output:cloud/c:12x6')
    expect(wide[1]).toBe(panels[1])
    expect(resizePanel(panels, b, { w: 1, h: 4.2 })).toBe(panels)
  })

  test('shows half or whole rows where there is little room', () => {
    expect([3, 6, 7, 12].map(columnsWhenNarrow)).toEqual([6, 6, 12, 12])
  })
})
