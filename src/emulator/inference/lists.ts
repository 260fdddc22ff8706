import { badRequest } from './problem.ts'
import { isObject } from './wire.ts'
import type { Json, JsonObject } from './wire.ts'

const DEFAULT_LIMIT = 10
const MAX_LIMIT = 100

/** A page of rows for a CursorListRequest (inference.sh wire contract §3). Rows come in the default order. */
export function listPage(rows: readonly JsonObject[], request: JsonObject): JsonObject {
  const limit = limitOf(request.limit)
  const sorted = sort(rows.filter(createFilter(request)), request.sort)
  const start = startOf(sorted, request, limit)
  const items = sorted.slice(start, start + limit)
  const hasNext = start + limit < sorted.length
  return {
    items: items.map((row) => selectFields(row, request.fields)),
    next_cursor: hasNext ? cursorOf('after', items.at(-1), start + limit) : '',
    prev_cursor: start > 0 ? cursorOf('before', items[0] ?? sorted.at(-1), start) : '',
    has_next: hasNext,
    has_previous: start > 0,
    items_per_page: limit,
    total_items: sorted.length,
  }
}

function limitOf(limit: unknown): number {
  if (limit === undefined || limit === null || limit === 0) return DEFAULT_LIMIT
  if (!Number.isInteger(limit) || (limit as number) < 0) throw badRequest('limit is no whole number')
  return Math.min(limit as number, MAX_LIMIT)
}

/** A cursor names the row at the page's edge, so that rows that come or go do not shift the next page. */
function cursorOf(side: 'after' | 'before', row: JsonObject | undefined, offset: number): string {
  const id = typeof row?.id === 'string' ? row.id : ''
  return btoa(`${side}:${id}:${offset}`)
}

function startOf(rows: readonly JsonObject[], request: JsonObject, limit: number): number {
  const { cursor, page, direction } = request
  if (typeof cursor !== 'string' || cursor === '')
    return typeof page === 'number' && page > 1 ? (Math.floor(page) - 1) * limit : 0
  const [, side, id, offset] = /^(after|before):([^:]*):(\d+)$/.exec(decode(cursor)) ?? []
  if (side === undefined) throw badRequest('cursor is not valid')
  const backwards = direction === undefined || direction === '' ? side === 'before' : direction === 'prev'
  const at = rows.findIndex((row) => row.id === id)
  // The edge: how many rows lie before it.
  const edge = at < 0 ? Number(offset) : side === 'after' ? at + 1 : at
  return backwards ? Math.max(0, edge - limit) : edge
}

function decode(cursor: string): string {
  try {
    return atob(cursor)
  } catch {
    throw badRequest('cursor is not valid')
  }
}

function selectFields(row: JsonObject, fields: unknown): JsonObject {
  if (!Array.isArray(fields) || fields.length === 0) return row
  return Object.fromEntries(Object.entries(row).filter(([key]) => key === 'id' || fields.includes(key)))
}

function sort(rows: readonly JsonObject[], orders: unknown): readonly JsonObject[] {
  if (!Array.isArray(orders)) return rows
  const valid = orders.filter(isObject)
  return rows.toSorted((left, right) => {
    for (const { field, dir } of valid) {
      if (typeof field !== 'string') continue
      const order = compare(left[field], right[field])
      if (order !== 0) return dir === 'desc' ? -order : order
    }
    return 0
  })
}

function compare(left: Json | undefined, right: Json | undefined): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right
  const [one, other] = [textOf(left), textOf(right)]
  return one < other ? -1 : one > other ? 1 : 0
}

function createFilter({ filters, search }: JsonObject): (row: JsonObject) => boolean {
  const tests = (Array.isArray(filters) ? filters : []).map((filter: Json) => {
    if (!isObject(filter) || typeof filter.field !== 'string') throw badRequest('filters: no field named')
    return createTest(filter.field, filter.operator, filter.value ?? null)
  })
  const term = isObject(search) && typeof search.term === 'string' ? search.term.trim().toLowerCase() : ''
  return (row) =>
    tests.every((test) => test(row)) && (term === '' || JSON.stringify(row).toLowerCase().includes(term))
}

function createTest(field: string, operator: unknown, value: Json): (row: JsonObject) => boolean {
  const has = (row: JsonObject) => row[field] ?? null
  const text = (row: JsonObject) => textOf(has(row)).toLowerCase()
  const wanted = textOf(value).toLowerCase()
  const among = (row: JsonObject) =>
    Array.isArray(value) && value.some((each) => compare(each, has(row)) === 0)
  const isEmpty = (row: JsonObject) => text(row) === '' || ['[]', '{}'].includes(text(row))
  const like = (row: JsonObject) => text(row).includes(wanted.replaceAll('%', ''))
  switch (operator) {
    case 'eq':
      return (row) => compare(has(row), value) === 0
    case 'neq':
      return (row) => compare(has(row), value) !== 0
    case 'in':
      return among
    case 'not_in':
      return (row) => !among(row)
    case 'gt':
      return (row) => compare(has(row), value) > 0
    case 'gte':
      return (row) => compare(has(row), value) >= 0
    case 'lt':
      return (row) => compare(has(row), value) < 0
    case 'lte':
      return (row) => compare(has(row), value) <= 0
    case 'like':
    case 'ilike':
    case 'contains':
      return like
    case 'not_contains':
      return (row) => !like(row)
    case 'is_null':
      return (row) => has(row) === null
    case 'is_not_null':
      return (row) => has(row) !== null
    case 'is_empty':
      return isEmpty
    case 'is_not_empty':
      return (row) => !isEmpty(row)
    default:
      throw badRequest(`filters: ${textOf(operator as Json)} is no operator`)
  }
}

function textOf(value: Json | undefined): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}
