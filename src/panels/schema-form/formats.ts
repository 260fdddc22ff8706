/** Longer texts are of no format. */
const MOST_CHARS = 65_536
const DATE = /^(\d{4})-(\d\d)-(\d\d)$/
const TIME = /^([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(z|[+-]([01]\d|2[0-3]):[0-5]\d)$/i
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const BYTE = /^(25[0-5]|2[0-4]\d|1?\d?\d)$/
const HOST_PART = /^[a-z\d]([a-z\d-]{0,61}[a-z\d])?$/i
const SCHEME = /^[a-z][a-z\d+.-]*:/i
const DURATION = /^P(?=[\dT])(\d+W|(\d+Y)?(\d+M)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?)$/

/** Formats of texts that are checked, each by looking at a text once. All others are the service's to judge. */
const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  date: isDate,
  time: (text) => TIME.test(text),
  'date-time': (text) => /^.{10}[t ]/i.test(text) && isDate(text.slice(0, 10)) && TIME.test(text.slice(11)),
  duration: (text) => DURATION.test(text),
  uuid: (text) => UUID.test(text),
  email: isEmail,
  hostname: isHost,
  ipv4: isIpv4,
  ipv6: isIpv6,
  uri: (text) => SCHEME.test(text) && isUrl(text),
  url: (text) => /^(https?|ftp):\/\//i.test(text) && isUrl(text),
  'uri-reference': (text) => !/\s/.test(text),
}

/** Whether a text is of a format; true for formats that are not known. */
export function isOfFormat(format: string, text: string): boolean {
  const test = Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined
  return test === undefined || (text.length <= MOST_CHARS && test(text))
}

function isDate(text: string): boolean {
  const [, year, month, day] = DATE.exec(text) ?? []
  if (day === undefined) return false
  const date = new Date(Date.UTC(2000, Number(month) - 1, Number(day)))
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day))
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day)
}

function isUrl(text: string): boolean {
  return !/\s/.test(text) && URL.canParse(text)
}

function isEmail(text: string): boolean {
  const at = text.lastIndexOf('@')
  const [name, host] = [text.slice(0, at), text.slice(at + 1)]
  return at > 0 && at <= 64 && !/[\s@]/.test(name) && isHost(host)
}

function isHost(text: string): boolean {
  return text.length <= 253 && text.split('.').every((part) => HOST_PART.test(part))
}

function isIpv4(text: string): boolean {
  const parts = text.split('.')
  return parts.length === 4 && parts.every((part) => BYTE.test(part))
}

function isIpv6(text: string): boolean {
  return /^[\da-f:.]{2,45}$/i.test(text) && URL.canParse(`http://[${text}]`)
}
