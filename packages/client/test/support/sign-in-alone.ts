// The sign-in by another page: the size test measures it.
export { finishSignIn, signInWith } from '../../src/index.ts'
