// The same with WebCrypto and jose, for runtimes that have nothing else.
export { sha256 } from '../internal/sha256-web.ts'
export { createBox } from './box-web.ts'
export { createOpener } from './opener-web.ts'
