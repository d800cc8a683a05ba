import { apiKeys } from '@latchkey/api-keys'
import { attemptTables } from '@latchkey/core'
import { changeEmail, emailCode, magicLink } from '@latchkey/email'
import type { PluginTables } from '@latchkey/kysely/migrate'
import { oauth, oidc } from '@latchkey/oauth'
import { passkey } from '@latchkey/passkey'
import { password } from '@latchkey/password'
import { totp } from '@latchkey/totp'

/** Every plug-in of Latchkey's that brings tables, as an app makes them. */
export function allPlugins(): readonly PluginTables[] {
  const send = async () => {}
  const provider = oidc({ id: 'acme', issuer: 'https://id.acme.example', clientId: 'app', clientSecret: 'secret' })
  return [
    ...[password(), totp(), passkey(), apiKeys({ scopes: ['posts:read'] }), oauth([provider])],
    ...[emailCode({ send }), magicLink({ send }), changeEmail({ send }), attemptTables],
  ]
}
