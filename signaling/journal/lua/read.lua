-- The entries after a position.
-- KEYS: head, entries. ARGV: epoch, sequence after which to read.
-- Returns nil if the epoch is another, else last sequence and entries.
if redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[1] then
    return nil
end
local newest = redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', 1)
local last = newest[1] and string.match(newest[1][1], '^%d+') or '0'
return {last, redis.call('XRANGE', KEYS[2], '(' .. ARGV[2] .. '-0', '+')}
