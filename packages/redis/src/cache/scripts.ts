import { defineScript, type Script } from '../client/script.ts'

/*
 * What is at a session's key:
 *   l:<run>:<name>  a lease: somebody reads the row from the store, and may put it here
 *   e:<run>:<row>   the row
 *   w:<name>        somebody writes the row: everybody reads the store
 * `run` is the server's `run_id`. After a restart or a failover it is another one: what was deleted since may be there again.
 */
const SERVER = `
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)') or ''
local time = redis.call('TIME')
local now = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))`

/**
 * Reads the row, or takes a lease if nobody has one. Arguments: a name for the lease, and its milliseconds. Returns the server's time, and the
 * row or the lease.
 */
export const readOrLease: Script = defineScript(`${SERVER}
local found = redis.call('GET', KEYS[1])
if found and string.sub(found, 1, 2) == 'w:' then return { now, '', '' } end
if found then
  local kind, foundRun, rest = string.match(found, '^(%a):(%w*):(.*)$')
  if foundRun == run then
    if kind == 'e' then return { now, rest, '' } end
    return { now, '', '' }
  end
end
redis.call('SET', KEYS[1], 'l:' .. run .. ':' .. ARGV[1], 'PX', ARGV[2])
return { now, '', ARGV[1] }`)

/**
 * Notes that a session of this user is about to be put, unless the user is being changed, or was a short while ago. Keys: the user's sessions,
 * and the mark of a change. Arguments: the session's key, and for how many milliseconds it may be there. Returns whether it may be put.
 */
export const noteSession: Script = defineScript(`
if redis.call('EXISTS', KEYS[2]) == 1 then return { '0' } end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return { '1' }`)

/** Puts the row if the lease still holds. Arguments: the lease, the row, and its milliseconds. */
export const putRow: Script = defineScript(`${SERVER}
if redis.call('GET', KEYS[1]) ~= 'l:' .. run .. ':' .. ARGV[1] then return {} end
redis.call('SET', KEYS[1], 'e:' .. run .. ':' .. ARGV[2], 'PX', ARGV[3])
return {}`)

/** Ends what a write of the row began, unless another write has begun since. Argument: the name of the write. */
export const endWrite: Script = defineScript(`
local found = redis.call('GET', KEYS[1])
if found and (found == 'w:' .. ARGV[1] or string.sub(found, 1, 2) ~= 'w:') then redis.call('DEL', KEYS[1]) end
return {}`)

/** Marks a user as changed, and returns the keys of their sessions. Argument: milliseconds of the mark, which never gets shorter. */
export const markUser: Script = defineScript(`
if redis.call('PTTL', KEYS[2]) < tonumber(ARGV[1]) then redis.call('SET', KEYS[2], '1', 'PX', ARGV[1]) end
return redis.call('ZRANGE', KEYS[1], 0, -1)`)
