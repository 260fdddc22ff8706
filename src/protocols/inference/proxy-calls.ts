/*
 * What front ends of the official SDK may call through Weir's proxy: the key could do more (read secrets, make
 * keys, buy machines), so a call that is not here does not pass.
 */

/**
 * `METHOD /path`, where `:part` is any one part: the calls of the modules apps, tasks, files, sessions, flows
 * and agents of @inferencesh/sdk 0.6.54, and what chats with agents need beside (options of "always allow",
 * explain, settings, the trace).
 */
export const PROXY_CALLS: readonly string[] = [
  'POST /apps',
  'POST /apps/list',
  'POST /apps/run',
  'GET /apps/:app',
  'GET /apps/:namespace/:name',
  'POST /apps/:app',
  'DELETE /apps/:app',
  'POST /apps/:app/duplicate',
  'POST /apps/:app/transfer',
  'POST /apps/:app/visibility',
  'POST /apps/:app/status',
  'GET /apps/:app/license',
  'POST /apps/:app/license',
  'POST /apps/:app/versions/list',
  'GET /apps/:app/versions/:version',
  'PUT /apps/:app/versions/:version/current',

  'POST /tasks/list',
  'GET /tasks/featured',
  'GET /tasks/:task',
  'DELETE /tasks/:task',
  'GET /tasks/:task/status',
  'GET /tasks/:task/stream',
  'GET /tasks/:task/logs',
  'GET /tasks/:task/timings',
  'GET /tasks/:task/telemetry',
  'POST /tasks/:task/cancel',
  'POST /tasks/:task/visibility',
  'POST /tasks/:task/featured',

  'POST /files',
  'POST /files/list',
  'GET /files/:file',
  'DELETE /files/:file',

  'GET /sessions',
  'GET /sessions/:session',
  'POST /sessions/:session/keepalive',
  'DELETE /sessions/:session',

  'POST /flows',
  'POST /flows/list',
  'GET /flows/:flow',
  'POST /flows/:flow',
  'DELETE /flows/:flow',
  'POST /flows/:flow/visibility',
  'POST /flows/:flow/duplicate',
  'POST /flows/:flow/versions/list',
  'POST /flows/:flow/app',
  'POST /flows/:flow/transfer',
  'GET /flows/:flow/stream',

  'POST /agents',
  'POST /agents/list',
  'POST /agents/run',
  'GET /agents/internal-tools',
  'GET /agents/:agent',
  'GET /agents/:namespace/:name',
  'POST /agents/:agent',
  'DELETE /agents/:agent',
  'POST /agents/:agent/duplicate',
  'POST /agents/:agent/transfer',
  'POST /agents/:agent/visibility',
  'POST /agents/:agent/versions/list',
  'GET /agents/:agent/versions/:version',
  'GET /agents/:agent/card',
  'GET /agent-runs/:run/interrupts',
  'POST /interrupts/:interrupt/resolve',
  'POST /tools/:invocation',
  'POST /tools/:invocation/invoke',
  'POST /tools/:invocation/reject',
  'POST /chats',
  'POST /chats/list',
  'GET /chats/:chat',
  'POST /chats/:chat',
  'DELETE /chats/:chat',
  'GET /chats/:chat/status',
  'GET /chats/:chat/stream',
  'GET /chats/:chat/trace',
  'POST /chats/:chat/stop',
  'POST /chats/:chat/agent',
  'POST /chats/:chat/settings',
  'GET /chats/:chat/messages',
  'POST /chats/:chat/messages',
  'POST /chats/messages/:message/cancel',
  'POST /chats/:chat/tools/:invocation/always-allow',
  'GET /chats/:chat/tools/:invocation/always-allow/options',
  'POST /chats/:chat/tools/:invocation/explain',
]

/** True for `METHOD /path` as the table has it. */
export function isCall(text: string): boolean {
  return /^(?:GET|POST|PUT|PATCH|DELETE) (?:\/(?::\w+|[\w.~-]+))+$/.test(text)
}

/** Which calls may pass. */
export class CallTable {
  readonly #calls: readonly { method: string; parts: readonly string[] }[]

  /** @param calls `METHOD /path/:part` */
  constructor(calls: readonly string[]) {
    this.#calls = calls.map((call) => {
      const [method = '', path = ''] = call.split(' ')
      return { method, parts: path.split('/') }
    })
  }

  /** A part with an encoded slash or backslash matches nothing, since servers disagree on what it means. */
  allows(method: string, path: string): boolean {
    if (/%(?:2f|5c)/i.test(path)) return false
    const parts = path.split('/')
    return this.#calls.some(
      (call) =>
        call.method === method &&
        call.parts.length === parts.length &&
        call.parts.every((part, i) => (part.startsWith(':') ? parts[i] !== '' : part === parts[i])),
    )
  }
}
