-- ARGV from 2: queue/group, mark, the best priority that is parked ('' = nothing is)
-- Returns 1, or 0 when what the mark stands for is not known any more.
local key, mark, best = ARGV[2], ARGV[3], ARGV[4]
local current = parked_of(key)
if not current or string.match(current, '^%d+') ~= string.match(mark, '^%d+') then
  return {0}
end
if current == mark and best == '' then
  call('HDEL', PARKED, key)
  call('ZREM', UNPARK, key)
  return {1}
end
if current == mark then
  call('HSET', PARKED, key, mark .. ' ' .. best)
end
local low = is_low(string.match(key, '^([^/]+)/(.+)$'))
call('ZADD', UNPARK, low and now or NOT_NOW, key)
return {1}
