/** The version in package.json, put in by Vite. */
declare const __WEIR_VERSION__: string
