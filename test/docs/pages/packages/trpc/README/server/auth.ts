export { auth } from '../../../../../app/auth.ts'
