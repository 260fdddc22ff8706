import { createHash } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { playwright } from '@vitest/browser-playwright'
import { build, type Connect, type Plugin, type Rolldown } from 'vite'
import { defineConfig } from 'vitest/config'
import packageJson from './package.json' with { type: 'json' }
import { findBrowser } from './src/tooling/browser.mjs'

/** Packages of the first load. */
const FRAMEWORK =
  /node_modules\/(?:react|react-dom|scheduler|zustand|@tanstack\/(?:react-)?(?:router|router-core|store|virtual|virtual-core|history))\//

/** What the bundled libraries want to be passed on with them. */
const LICENSES = { fileName: 'third-party-licenses.md' }

/*
 * Modes: production (the page), server (relay and emulator for Node), mock and demo (the page with the relay
 * and the emulator inside a service worker), test.
 */
export default defineConfig(({ mode, command }) => {
  const define = { __WEIR_VERSION__: JSON.stringify(packageJson.version) }
  if (mode === 'server')
    return {
      define,
      plugins: [threadPrograms(command)],
      publicDir: false,
      // An installed Weir brings its libraries in its bundle, but for those that hold native code.
      ssr: { noExternal: true, external: Object.keys(packageJson.dependencies) },
      build: {
        ssr: true,
        outDir: 'dist/server',
        target: 'node20',
        sourcemap: true,
        license: LICENSES,
        rolldownOptions: {
          input: { relay: 'src/relay/node/main.ts' },
        },
      },
    }
  const mocked = mode === 'mock' || mode === 'demo'
  const outDir = mode === 'demo' ? 'dist/demo' : 'dist/page'
  return {
    define,
    base: mode === 'demo' ? './' : '/',
    resolve: {
      alias: {
        // For browsers it asks a document, which the worker that reads Markdown does not have.
        'decode-named-character-reference': fileURLToPath(
          new URL('node_modules/decode-named-character-reference/index.js', import.meta.url),
        ),
      },
    },
    plugins: [
      react(),
      tailwindcss(),
      threadPrograms(command),
      loadChunksByHand(),
      ...(mocked ? [] : [withoutMockWorker(outDir)]),
      ...(command === 'serve' && !mocked && mode !== 'test' ? [relayInside()] : []),
    ],
    build: {
      outDir,
      sourcemap: mode === 'demo' ? false : true,
      license: LICENSES,
      chunkSizeWarningLimit: 600,
      // The part itself too, and also where it is its only file: `loadChunk` needs to know of all.
      modulePreload: {
        polyfill: false,
        resolveDependencies: (file, files, { hostType }) =>
          hostType === 'js' ? [...new Set([file, ...files])] : files,
      },
      rolldownOptions: {
        output: {
          codeSplitting: {
            // In one file: many small ones compress worse, and it stays in caches over versions.
            groups: [{ name: 'framework', test: FRAMEWORK }],
          },
        },
      },
    },
    server: { port: 4680 },
    // Found late by the component tests, they would make Vite reload in their middle.
    optimizeDeps: {
      include: [
        'react-dom/client',
        'mdast-util-from-markdown',
        '@tanstack/react-query',
        '@tanstack/react-router',
        'zustand/react/shallow',
      ],
    },
    test: {
      // Against hanging only: a busy machine is slow.
      testTimeout: 30_000,
      projects: [
        {
          extends: true,
          test: { name: 'unit', environment: 'node', include: ['src/**/*.test.ts'] },
        },
        {
          extends: true,
          test: {
            name: 'component',
            include: ['src/**/*.browser.test.tsx'],
            setupFiles: ['src/testing/browser-setup.ts'],
            browser: {
              enabled: true,
              headless: true,
              screenshotFailures: false,
              provider: playwright({ launchOptions: findBrowser() }),
              instances: [{ browser: 'chromium', viewport: { width: 1280, height: 800 } }],
            },
          },
        },
      ],
    },
  }
})

/** Every `import()` of the built page goes through `loadChunk`, in place of Vite's own helper. */
function loadChunksByHand(): Plugin {
  const helper = '\0vite/preload-helper.js'
  return {
    name: 'weir:load-chunks',
    apply: 'build',
    enforce: 'pre',
    resolveId: { filter: { id: new RegExp(`^${helper}$`) }, handler: (id) => id },
    load: {
      filter: { id: new RegExp(`^${helper}$`) },
      handler: () => `export { loadChunk as __vitePreload } from '#lib/load-chunk.ts'`,
    },
  }
}

/** The mock service worker serves development and the demo; it has no place beside a real relay. */
function withoutMockWorker(outDir: string): Plugin {
  return {
    name: 'weir:without-mock-worker',
    apply: 'build',
    closeBundle() {
      rmSync(join(outDir, 'mockServiceWorker.js'), { force: true })
    },
  }
}

/**
 * `import url from './x.ts?thread'`: the URL of a program for a worker thread of Node. In a build it is a file
 * beside the others; in development and tests, where Node cannot run the source itself, it is built when it is
 * asked for.
 */
function threadPrograms(command: 'build' | 'serve'): Plugin {
  return {
    name: 'weir:thread-programs',
    enforce: 'pre',
    async load(id) {
      if (!id.endsWith('?thread')) return null
      const source = id.slice(0, -'?thread'.length)
      if (command === 'serve') return `export default ${JSON.stringify(await builtProgram(source))}`
      return `export default import.meta.ROLLUP_FILE_URL_${this.emitFile({ type: 'chunk', id: source })}`
    },
    resolveFileUrl: ({ relativePath }) => `new URL(${JSON.stringify(relativePath)}, import.meta.url).href`,
  }
}

/** Several may build at once: what is in the file names it. */
async function builtProgram(source: string): Promise<string> {
  const { output } = (await build({
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    plugins: [threadPrograms('serve')],
    build: { ssr: source, write: false, target: 'node20' },
  })) as Rolldown.RolldownOutput
  const { code } = output[0]
  const folder = fileURLToPath(new URL('node_modules/.cache/weir', import.meta.url))
  const path = join(folder, `${createHash('sha256').update(code).digest('hex').slice(0, 16)}.mjs`)
  mkdirSync(folder, { recursive: true })
  writeFileSync(path, code)
  return pathToFileURL(path).href
}

/** `npm run dev`: the relay of `npm start`, with the same flags from the environment, inside Vite's server. */
function relayInside(): Plugin {
  return {
    name: 'weir:relay',
    async configureServer(server) {
      const { devMiddleware } = (await server.ssrLoadModule('/src/relay/node/dev.ts')) as {
        devMiddleware: () => { handle: Connect.NextHandleFunction; stop: () => Promise<void> }
      }
      const { handle, stop } = devMiddleware()
      server.middlewares.use(handle)
      server.httpServer?.once('close', () => void stop())
    },
  }
}
