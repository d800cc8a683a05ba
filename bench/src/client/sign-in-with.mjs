// What sign-in through another page adds.
export { finishSignIn, signInWith } from '../../../packages/client/dist/index.js'
