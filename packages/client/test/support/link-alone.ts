// What an app imports that signs in by itself: the size test measures it.
export { authLink, createTokenStore, readErrorKind } from '../../src/index.ts'
