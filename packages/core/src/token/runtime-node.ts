// What Node, Bun and Deno do better than WebCrypto, in one module: each that is loaded takes time when a server starts.
export { sha256 } from '../internal/sha256-node.ts'
export { createBox } from './box-node.ts'
export { createOpener } from './opener-node.ts'
