-- ARGV from 2: id, attempt
-- Returns how many ready jobs of the same queue and group come before the attempt; -1 = unknown.
local state, latest, rest = known(ARGV[2])
if not state or latest < tonumber(ARGV[3]) then
  return {-1}
end
if state ~= 'R' then
  return {0}
end
local lane = string.match(rest, '^%d+ (.*)$')
local queue, _, group = parts(lane)
local score = call('ZSCORE', READY .. lane, ARGV[2])
local before = 0
for _, open in ipairs(split(call('HGET', LANES, queue))) do
  if is_index(open) == (group ~= '') then
    before = before + call('ZCOUNT', READY .. open .. group, '-inf', '(' .. score)
  end
end
return {before}
