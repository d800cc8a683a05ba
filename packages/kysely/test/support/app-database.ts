import type { ColumnType, Generated } from 'kysely'

type Instant = ColumnType<number | string, number, number>

/** An app's database: our tables with columns of the app's own, and a table that we know nothing of. */
export interface AppDatabase {
  users: {
    id: string
    name: string | null
    email: string | null
    email_verified: number | null
    image: string | null
    role: Generated<string | null>
    orgId: string | null
    settings: string | null
    expires: string | null
    session_token: string | null
    user_id: string | null
    claims: string | null
  }
  accounts: { provider: string; provider_account_id: string; type: string; user_id: string }
  sessions: {
    id: string
    session_token: string
    user_id: string
    expires: Instant
    created_at: Instant
    last_seen_at: Instant
    user_agent: string | null
    ip: string | null
    claims: string | null
    revision: number
    generation: number
    rotated_at: Instant | null
    revoked_at: Instant | null
    amr: string | null
  }
  verification_tokens: { identifier: string; token: string; expires: Instant }
  posts: { id: number; title: string }
}
