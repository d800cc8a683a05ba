import type { Tokens } from '@latchkey/client'
import { useEffect, useState } from 'react'
import { auth } from './client.ts'

/** The tokens as they are, also when another tab changes them; undefined until they are read. */
export function useTokens(): Tokens | null | undefined {
  const [tokens, setTokens] = useState<Tokens | null>()
  useEffect(() => {
    const read = () => void auth.tokens().then(setTokens)
    read()
    return auth.subscribe(read)
  }, [])
  return tokens
}

/** The time, several times a second. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 200)
    return () => clearInterval(timer)
  }, [])
  return now
}
