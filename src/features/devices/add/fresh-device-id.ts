/** A device id nobody uses yet, made of the type: "TunableLaser" gives "laser1", then "laser2". */
export function freshDeviceId(type: string, taken: Iterable<string>): string {
  const stem = stemOf(type)
  let highest = 0
  for (const id of taken) {
    const number = id.startsWith(stem) ? /^\d{1,9}$/.exec(id.slice(stem.length))?.[0] : undefined
    if (number !== undefined) highest = Math.max(highest, Number(number))
  }
  return `${stem}${highest + 1}`
}

/** The last word of a class name: what the thing is. */
function stemOf(type: string): string {
  const words = type
    .replace(/(Device|Driver|Instrument)$/, '')
    .split(/(?<=[a-z\d])(?=[A-Z])|[^A-Za-z\d]+/)
    .filter(Boolean)
  return (words.at(-1) ?? 'device').toLowerCase().slice(0, 60) || 'device'
}
