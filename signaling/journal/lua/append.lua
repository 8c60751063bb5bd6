-- Write one entry at the expected position, or nothing.
-- KEYS: head, entries. ARGV: epoch, expected last sequence, the sequence after it, payload, channel, message.
-- Returns 1 if it was written, 0 if the journal is elsewhere.
if redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[1] then
    return 0
end
local newest = redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', 1)
local last = newest[1] and string.match(newest[1][1], '^%d+') or '0'
if last ~= ARGV[2] then
    return 0
end
-- The only write comes last, so that an error reply (no memory, no permission for the channel) means that
-- nothing was written. Nobody can read before the script has ended, so publishing first tells nobody too early.
redis.call('PUBLISH', ARGV[5], ARGV[6])
redis.call('XADD', KEYS[2], ARGV[3] .. '-0', 'p', ARGV[4])
return 1
