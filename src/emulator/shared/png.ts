import { zlib } from './deflate.ts'

/** A picture of 8-bit red, green and blue. */
export interface Picture {
  readonly width: number
  readonly height: number
  readonly rgb: Uint8Array
}

export type Rgb = readonly [red: number, green: number, blue: number]

export function createPicture(width: number, height: number): Picture {
  return { width, height, rgb: new Uint8Array(width * height * 3) }
}

export function setPixel(picture: Picture, x: number, y: number, [red, green, blue]: Rgb): void {
  if (x < 0 || y < 0 || x >= picture.width || y >= picture.height) return
  const at = (y * picture.width + x) * 3
  picture.rgb[at] = red
  picture.rgb[at + 1] = green
  picture.rgb[at + 2] = blue
}

export function fillRect(
  picture: Picture,
  x: number,
  y: number,
  width: number,
  height: number,
  rgb: Rgb,
): void {
  for (let row = y; row < y + height; row++)
    for (let column = x; column < x + width; column++) setPixel(picture, column, row, rgb)
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

export function encodePng(picture: Picture): Uint8Array<ArrayBuffer> {
  const { width, height } = picture
  const header = new Uint8Array(13)
  const view = new DataView(header.buffer)
  view.setUint32(0, width)
  view.setUint32(4, height)
  header[8] = 8
  header[9] = 2
  return concat([
    new Uint8Array(SIGNATURE),
    chunk('IHDR', header),
    chunk('IDAT', zlib(filterRows(picture))),
    chunk('IEND', new Uint8Array(0)),
  ])
}

/** Each row as its difference from the one above, or from its left neighbour where that is smoother. */
function filterRows({ width, height, rgb }: Picture): Uint8Array {
  const stride = width * 3
  const filtered = new Uint8Array((stride + 1) * height)
  for (let y = 0; y < height; y++) {
    const row = y * stride
    const out = y * (stride + 1)
    const type = y > 0 && roughness(rgb, row, stride, stride) <= roughness(rgb, row, stride, 3) ? 2 : 1
    filtered[out] = type
    for (let x = 0; x < stride; x++) {
      const before = type === 2 ? (rgb[row + x - stride] ?? 0) : x >= 3 ? (rgb[row + x - 3] ?? 0) : 0
      filtered[out + 1 + x] = (rgb[row + x] ?? 0) - before
    }
  }
  return filtered
}

/** Sampled: how much a row differs from what lies `back` bytes before. */
function roughness(rgb: Uint8Array, row: number, stride: number, back: number): number {
  let sum = 0
  for (let x = 3; x < stride; x += 7) sum += Math.abs((rgb[row + x] ?? 0) - (rgb[row + x - back] ?? 0))
  return sum
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  return crc >>> 0
})

function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(data.length + 12)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, data.length)
  for (let index = 0; index < 4; index++) bytes[4 + index] = type.charCodeAt(index)
  bytes.set(data, 8)
  let crc = 0xffffffff
  for (let at = 4; at < bytes.length - 4; at++)
    crc = (CRC_TABLE[(crc ^ (bytes[at] ?? 0)) & 0xff] ?? 0) ^ (crc >>> 8)
  view.setUint32(bytes.length - 4, (crc ^ 0xffffffff) >>> 0)
  return bytes
}

export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
