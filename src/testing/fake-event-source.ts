/** Stands for the browser's EventSource in tests: the test says what arrives. */
export class FakeEventSource extends EventTarget {
  static readonly CONNECTING = 0
  static readonly OPEN = 1
  static readonly CLOSED = 2
  /** All that were made, oldest first. */
  static made: FakeEventSource[] = []

  readonly url: string
  readyState = 0
  onerror: ((event: Event) => void) | null = null

  constructor(url: string) {
    super()
    this.url = url
    FakeEventSource.made.push(this)
  }

  static get last(): FakeEventSource {
    return FakeEventSource.made.at(-1)!
  }

  close(): void {
    this.readyState = 2
  }

  say(event: string, data: unknown, lastEventId = ''): void {
    this.sayText(event, JSON.stringify(data), lastEventId)
  }

  /** The same word for word. */
  sayText(event: string, data: string, lastEventId = ''): void {
    this.readyState = 1
    this.dispatchEvent(new MessageEvent(event, { data, lastEventId }))
  }

  /** The connection drops; the browser tries again by itself unless it gave up. */
  fail(gaveUp: boolean): void {
    this.readyState = gaveUp ? 2 : 0
    this.onerror?.(new Event('error'))
  }
}
