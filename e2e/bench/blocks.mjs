// What eight analogue inputs say: blocks of 1,000 samples of each, written once and sent again and again. The device
// of the bench and the server of its bare pages send the same.

export const CHANNELS = 8
export const SAMPLES = 1_000
export const RATE = 100_000
/** Blocks that differ, half a second of signal. */
const BLOCKS = 50

let written

/** The JSON of a block, as Python writes it. */
export function blockJson(number) {
  written ??= Array.from({ length: BLOCKS }, (_, block) =>
    Array.from({ length: CHANNELS }, (_, c) => `"ai${c}": ${writeSamples(block, c)}`).join(', '),
  )
  return `{"block": ${number}, "sample_rate_hz": ${RATE}.0, "channels": {${written[number % BLOCKS]}}}`
}

/** Sines of whole periods in all blocks together, an octave apart by twos, with noise; each around its own number. */
function writeSamples(block, channel) {
  const periods = 2 ** (channel >> 1)
  const texts = Array.from({ length: SAMPLES }, (_, k) => {
    const at = (block * SAMPLES + k) / (BLOCKS * SAMPLES)
    const noise = (((block * SAMPLES + k) * 7_919 + channel * 104_729) % 1_000) / 5_000
    return (channel + 0.5 * Math.sin(2 * Math.PI * periods * at) + noise).toFixed(4)
  })
  return `[${texts.join(', ')}]`
}
