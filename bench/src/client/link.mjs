// What an app imports whose people sign in on its own pages.
export { authLink, createTokenStore, readErrorKind } from '../../../packages/client/dist/index.js'
