import { register } from 'node:module'

// The package is made for bundlers: its own imports lack the extension that Node wants.
register(
  `data:text/javascript,${encodeURIComponent(`export const resolve = (specifier, context, next) =>
    specifier.startsWith('.') && context.parentURL?.includes('/@inferencesh/sdk/') && !specifier.endsWith('.js')
      ? next(specifier + '.js', context)
      : next(specifier, context)`)}`,
)

/** The official SDK of inference.sh, as Node can load it. */
export const sdk = await import('@inferencesh/sdk')
