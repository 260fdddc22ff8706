/** A log line of 100 characters; one near the end holds a needle, each thousandth an error. */
export function logLine(i, total) {
  const tag =
    i === needleOf(total) ? 'NEEDLE-7f3a ' : i % 1000 === 999 ? 'ERROR code=17 ' : `worker-${i % 16} `
  return `INFO line=${String(i).padStart(9, '0')} ${tag}loss=${(i % 9973) / 9973} `
    .slice(0, 96)
    .padEnd(100, '.')
}

/** The number of the one line that a search for the needle finds. */
export function needleOf(total) {
  return Math.floor(total * 0.99) + 1
}
