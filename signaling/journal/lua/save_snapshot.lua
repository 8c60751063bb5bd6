-- Keep a newer snapshot and drop the entries that it makes needless.
-- KEYS: head, entries. ARGV: epoch, sequence of the snapshot, snapshot, first sequence to keep.
-- Returns 1 if it was kept, 0 if not: an older one, another epoch, or a sequence that was never reached.
local head = redis.call('HMGET', KEYS[1], 'epoch', 'at')
local newest = redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', 1)
local last = newest[1] and string.match(newest[1][1], '^%d+') or '0'
local at = tonumber(ARGV[2])
if head[1] ~= ARGV[1] or at <= tonumber(head[2] or '0') or at > tonumber(last) then
    return 0
end
redis.call('HSET', KEYS[1], 'at', ARGV[2], 'snapshot', ARGV[3])
redis.call('XTRIM', KEYS[2], 'MINID', ARGV[4] .. '-0')
return 1
