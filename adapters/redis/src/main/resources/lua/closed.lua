-- Returns the destinations that are closed, and for how many milliseconds: name, milliseconds, ...
local closed = {}
local ends = call('ZRANGEBYSCORE', CLOSINGS, '(' .. now, '+inf', 'WITHSCORES')
for i = 1, #ends, 2 do
  closed[#closed + 1] = ends[i]
  closed[#closed + 1] = tonumber(ends[i + 1]) - now
end
return closed
