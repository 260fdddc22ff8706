import { json } from './http.ts'
import type { Route } from './http.ts'
import type { PyDict } from './python-json.ts'

/** `/openapi.json` and `/docs`: bodies are untyped objects, the version is the package's (LabDaemon wire contract §3). */
export function documentationRoutes(operations: readonly Route[]): Route[] {
  const document: PyDict = {
    openapi: '3.1.0',
    info: {
      title: 'LabDaemon Server',
      description: 'HTTP/SSE API for LabDaemon',
      version: '1.0.1',
    },
    paths: describePaths(operations),
  }
  return [
    { method: 'GET', path: '/openapi.json', handle: () => json(document) },
    {
      method: 'GET',
      path: '/docs',
      handle: () =>
        new Response('<!DOCTYPE html><title>LabDaemon Server - Swagger UI</title><p>LabDaemon Server', {
          headers: { server: 'uvicorn', 'content-type': 'text/html; charset=utf-8' },
        }),
    },
  ]
}

function describePaths(operations: readonly Route[]): PyDict {
  const paths: Record<string, PyDict> = {}
  for (const operation of operations) {
    const path = publicPath(operation)
    paths[path] = { ...paths[path], [operation.method.toLowerCase()]: describeOperation(operation, path) }
  }
  return paths
}

function publicPath({ path }: Route): string {
  return path.replace('{id}', path.startsWith('/tasks') ? '{task_id}' : '{device_id}')
}

function describeOperation(operation: Route, path: string): PyDict {
  const parameter = /\{(\w+)\}/.exec(path)?.[1]
  return {
    operationId: `${operation.method.toLowerCase()}${path.replace(/\W+/g, '_')}`,
    ...(parameter === undefined
      ? {}
      : { parameters: [{ name: parameter, in: 'path', required: true, schema: { type: 'string' } }] }),
    ...(operation.takesBody === true
      ? { requestBody: { required: true, content: { 'application/json': { schema: { type: 'object' } } } } }
      : {}),
    responses: { '200': { description: 'Successful Response', content: { 'application/json': {} } } },
  }
}
