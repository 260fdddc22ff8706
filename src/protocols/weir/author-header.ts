/**
 * The header by which a browser says who it is: the id of a `page` author, public, and the same in all its tabs.
 * Without it a request is a script's.
 */
export const AUTHOR_HEADER = 'x-weir-author'
export const AUTHOR_ID = /^[A-Za-z0-9_-]{1,64}$/
