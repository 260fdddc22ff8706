// The bare page beside the log panel: blocks of text with the offsets of their lines, and recycled rows of one
// height. Nothing can be selected, wrapped, coloured or filtered; it is about the least a log can cost.
//   start({total, rate, wire}): lines are made in the page (wire: false) or come over an EventSource
import { logLine } from './log-line.js'
import './page.css'

const ROW_PX = 18
const VIEW_PX = 720

const pane = document.createElement('div')
const space = document.createElement('div')
const rows = Array.from({ length: VIEW_PX / ROW_PX + 2 }, () => {
  const element = document.createElement('div')
  element.className = 'row'
  return { element, line: -1 }
})
pane.className = 'pane'
pane.append(space)
space.append(...rows.map((row) => row.element))
document.getElementById('root').append(pane)

const blocks = []
let count = 0
let follow = true

function blockOf(line) {
  let low = 0
  let high = blocks.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (blocks[middle].first <= line) low = middle
    else high = middle - 1
  }
  return blocks[low]
}

function textOf(line) {
  const { text, offsets, first } = blockOf(line)
  const next = offsets[line - first + 1]
  return text.slice(offsets[line - first], next === undefined ? undefined : next - 1)
}

function draw() {
  const first = Math.floor(pane.scrollTop / ROW_PX)
  for (let line = first; line < first + rows.length; line++) {
    const row = rows[line % rows.length]
    if (row.line === line) continue
    row.line = line
    row.element.textContent = line < count ? textOf(line) : ''
    row.element.style.transform = `translateY(${line * ROW_PX}px)`
  }
}
pane.addEventListener('scroll', draw)

function append(text) {
  const offsets = []
  for (let at = 0; ;) {
    offsets.push(at)
    const feed = text.indexOf('\n', at)
    if (feed < 0) break
    at = feed + 1
  }
  blocks.push({ text, first: count, offsets: Uint32Array.from(offsets) })
  for (const row of rows) if (row.line >= count) row.line = -1
  count += offsets.length
  space.style.height = `${count * ROW_PX}px`
  if (follow) pane.scrollTop = count * ROW_PX
}

function feedFromHere(total, rate) {
  const begun = performance.now()
  const frame = () => {
    const due = Math.min(total, Math.floor(((performance.now() - begun) * rate) / 1000)) - count
    if (due > 0) append(Array.from({ length: due }, (_, k) => logLine(count + k, total)).join('\n'))
    if (count < total) requestAnimationFrame(frame)
  }
  requestAnimationFrame(frame)
}

function feedFromWire(total, rate) {
  let waiting = []
  const source = new EventSource(`/lines?rate=${rate}&count=${total}`)
  source.onmessage = (message) => {
    for (const line of JSON.parse(message.data)) waiting.push(line)
  }
  const frame = () => {
    if (waiting.length > 0) append(waiting.join('\n'))
    waiting = []
    if (count < total) requestAnimationFrame(frame)
    else source.close()
  }
  requestAnimationFrame(frame)
}

window.bare = {
  start({ total, rate, wire }) {
    if (wire) feedFromWire(total, rate)
    else feedFromHere(total, rate)
  },
  lines: () => count,
  jump(line) {
    follow = false
    pane.scrollTop = line * ROW_PX
  },
  topText: () => document.elementFromPoint(300, 5)?.textContent ?? '',
  findOne(text) {
    for (const block of blocks) {
      const at = block.text.indexOf(text)
      if (at < 0) continue
      let k = 0
      while (k + 1 < block.offsets.length && block.offsets[k + 1] <= at) k += 1
      pane.scrollTop = (block.first + k) * ROW_PX
      return block.first + k
    }
    return -1
  },
  countAll(text) {
    let found = 0
    for (const block of blocks) for (let at = -1; (at = block.text.indexOf(text, at + 1)) >= 0;) found += 1
    return found
  },
}
