import { concat } from '../../shared/png.ts'
import type { Rgb } from '../../shared/png.ts'

/** Frames of palette indexes, all of one size. */
export interface Animation {
  readonly width: number
  readonly height: number
  /** Up to 256 colours. */
  readonly palette: readonly Rgb[]
  readonly frames: readonly Uint8Array[]
  readonly frameMs: number
}

/** An endless GIF. */
export function encodeGif({ width, height, palette, frames, frameMs }: Animation): Uint8Array<ArrayBuffer> {
  const bits = Math.max(2, Math.ceil(Math.log2(palette.length)))
  const colours = new Uint8Array(3 << bits)
  palette.forEach((rgb, index) => colours.set(rgb, index * 3))
  const size = [width & 0xff, width >> 8, height & 0xff, height >> 8]
  const delay = Math.round(frameMs / 10)
  return concat([
    ascii('GIF89a'),
    new Uint8Array([...size, 0x80 | (bits - 1), 0, 0]),
    colours,
    new Uint8Array([0x21, 0xff, 11]),
    ascii('NETSCAPE2.0'),
    new Uint8Array([3, 1, 0, 0, 0]),
    ...frames.flatMap((frame) => [
      new Uint8Array([0x21, 0xf9, 4, 0, delay & 0xff, delay >> 8, 0, 0, 0x2c, 0, 0, 0, 0, ...size, 0, bits]),
      ...blocks(lzw(frame, bits)),
    ]),
    new Uint8Array([0x3b]),
  ])
}

function blocks(data: Uint8Array): Uint8Array[] {
  const parts: Uint8Array[] = []
  for (let at = 0; at < data.length; at += 255) {
    const part = data.subarray(at, at + 255)
    parts.push(new Uint8Array([part.length]), part)
  }
  return [...parts, new Uint8Array([0])]
}

/** GIF's LZW: codes grow to 12 bits, then the table starts anew. */
function lzw(pixels: Uint8Array, bits: number): Uint8Array {
  const clear = 1 << bits
  const out: number[] = []
  let buffer = 0
  let filled = 0
  let width = bits + 1
  let next = clear + 2
  let table = new Map<number, number>()
  const emit = (code: number) => {
    buffer |= code << filled
    filled += width
    while (filled >= 8) {
      out.push(buffer & 0xff)
      buffer >>>= 8
      filled -= 8
    }
  }
  emit(clear)
  let prefix = pixels[0] ?? 0
  for (let at = 1; at < pixels.length; at++) {
    const pixel = pixels[at] ?? 0
    const key = (prefix << 8) | pixel
    const known = table.get(key)
    if (known !== undefined) {
      prefix = known
      continue
    }
    emit(prefix)
    if (next < 4_096) {
      table.set(key, next)
      if (next++ === 1 << width && width < 12) width++
    } else {
      emit(clear)
      table = new Map()
      width = bits + 1
      next = clear + 2
    }
    prefix = pixel
  }
  emit(prefix)
  emit(clear + 1)
  if (filled > 0) out.push(buffer & 0xff)
  return Uint8Array.from(out)
}

export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0))
}
