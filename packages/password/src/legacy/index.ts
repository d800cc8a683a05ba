// Kinds of hashes that apps bring along. They are checked, and never made, but for those of better-auth while its app serves too.
export { bcrypt } from './bcrypt.ts'
export { betterAuth } from './better-auth.ts'
export { django } from './django.ts'
export { pbkdf2Phc } from './pbkdf2-phc.ts'
