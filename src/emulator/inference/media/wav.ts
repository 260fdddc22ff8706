import { concat } from '../../shared/png.ts'
import { ascii } from './gif.ts'

const RATE = 22_050

export interface Note {
  /** Seconds from the start. */
  readonly at: number
  readonly hertz: number
  readonly seconds: number
}

/** Bells: 16-bit mono. */
export function encodeWav(notes: readonly Note[], seconds: number): Uint8Array<ArrayBuffer> {
  const samples = new Float32Array(Math.ceil(seconds * RATE))
  for (const { at, hertz, seconds: length } of notes) {
    const start = Math.floor(at * RATE)
    for (let index = 0; index < length * RATE && start + index < samples.length; index++) {
      const time = index / RATE
      const ring = Math.exp((-4 * time) / length) * Math.min(1, time * 200)
      const turn = 2 * Math.PI * hertz * time
      samples[start + index] =
        (samples[start + index] ?? 0) +
        ring * (0.5 * Math.sin(turn) + 0.2 * Math.sin(2.76 * turn) * ring + 0.1 * Math.sin(5.4 * turn) * ring)
    }
  }
  const data = new Uint8Array(samples.length * 2)
  const view = new DataView(data.buffer)
  samples.forEach((sample, index) => {
    view.setInt16(index * 2, Math.round(Math.max(-1, Math.min(1, sample * 0.6)) * 32_767), true)
  })
  return concat([header(data.length), data])
}

function header(length: number): Uint8Array {
  const bytes = new Uint8Array(44)
  const view = new DataView(bytes.buffer)
  bytes.set(ascii('RIFF'), 0)
  view.setUint32(4, 36 + length, true)
  bytes.set(ascii('WAVEfmt '), 8)
  view.setUint32(16, 16, true)
  view.setUint16(20, 1, true)
  view.setUint16(22, 1, true)
  view.setUint32(24, RATE, true)
  view.setUint32(28, RATE * 2, true)
  view.setUint16(32, 2, true)
  view.setUint16(34, 16, true)
  bytes.set(ascii('data'), 36)
  view.setUint32(40, length, true)
  return bytes
}
