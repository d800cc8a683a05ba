import { createAuth } from '@latchkey/core'

const secret = 'kR7vQ2m5n8s1w4z7C0F3I6L9O2R5U8Xa'
const auth = createAuth({ secret, baseUrl: 'https://app.test' })
const response = await auth.handler(new Request('https://app.test/auth/session'))
console.log(response.status, await response.text())
const forgotten = createAuth({ secret, logger: { error: () => {}, warn: (message) => console.log(message) } })
console.log((await forgotten.handler(new Request('https://app.test/auth/session'))).status)
