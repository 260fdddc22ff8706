// Builds of the page and the server: of this tree, and of an earlier commit.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, symlinkSync } from 'node:fs'
import { join, relative } from 'node:path'

/**
 * Builds the tree at `root` into `dist`/page and `dist`/server, wherever that is.
 * @param forPage further options for the page
 */
export function buildInto(dist, root, forPage = []) {
  const vite = (...args) =>
    execFileSync('npx', ['--no-install', 'vite', 'build', '--logLevel', 'error', '--emptyOutDir', ...args], {
      cwd: root,
      stdio: 'inherit',
    })
  vite('--outDir', join(dist, 'page'), ...forPage)
  vite('--mode', 'server', '--outDir', join(dist, 'server'))
  // The server looks for its libraries in the folders above it.
  const isInside = !relative(root, dist).startsWith('..')
  const libraries = join(dist, 'node_modules')
  if (!isInside && !existsSync(libraries)) symlinkSync(join(root, 'node_modules'), libraries)
}

/**
 * Builds a commit of the tree at `root`, in a folder of its own below `out` where it is found the next time.
 * @returns the folder of the build
 */
export function buildOf(commit, root, out) {
  const git = (...args) => execFileSync('git', args, { cwd: root, maxBuffer: 2 ** 30 })
  const id = String(git('rev-parse', '--short=12', `${commit}^{commit}`)).trim()
  const tree = join(out, 'earlier', id)
  const dist = join(tree, 'dist')
  if (existsSync(join(dist, 'server/relay.js'))) return dist
  mkdirSync(tree, { recursive: true })
  execFileSync('tar', ['-x', '-C', tree], { input: git('archive', id) })
  const libraries = join(tree, 'node_modules')
  const lock = (of) => String(git('rev-parse', `${of}:package-lock.json`))
  if (lock(id) === lock('HEAD')) {
    if (!existsSync(libraries)) symlinkSync(join(root, 'node_modules'), libraries)
  } else
    execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts'], {
      cwd: tree,
      stdio: 'inherit',
    })
  buildInto(dist, tree)
  return dist
}
