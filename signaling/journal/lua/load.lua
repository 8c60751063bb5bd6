-- Everything that is needed to rebuild a room, as of one moment.
-- KEYS: head, entries. ARGV: the epoch to begin with if there is none.
-- Returns epoch, sequence of the snapshot (nil: none), snapshot, last sequence, entries after the snapshot.
if not redis.call('HGET', KEYS[1], 'epoch') then
    redis.call('HSET', KEYS[1], 'epoch', ARGV[1])
    redis.call('DEL', KEYS[2]) -- entries that outlived their head (evicted, deleted by hand) belong to no epoch
end
local head = redis.call('HMGET', KEYS[1], 'epoch', 'at', 'snapshot')
local newest = redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', 1)
local last = newest[1] and string.match(newest[1][1], '^%d+') or '0'
local entries = redis.call('XRANGE', KEYS[2], '(' .. (head[2] or '0') .. '-0', '+')
return {head[1], head[2], head[3], last, entries}
