-- ARGV from 2: queue, type, group ('' = none), cost
-- Returns of queue, type and group: running (-1 = no limit), concurrency (0 = any number), and in how
-- many milliseconds there are tokens (-1 = none are needed)
local queue, type, group, cost = ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
local uses = {}
local function add(field, limits)
  if limits and (limits.concurrency or limits.rate) then
    uses[#uses + 1] = running_of(field)
    uses[#uses + 1] = limits.concurrency or 0
    uses[#uses + 1] = limits.rate and math.ceil(wait_for_tokens(field, limits.rate, cost)) or -1
  else
    uses[#uses + 1] = -1
    uses[#uses + 1] = 0
    uses[#uses + 1] = 0
  end
end

local of_queue = limits_of('queue/' .. queue)
add('queue/' .. queue, of_queue)
add('type/' .. type, limits_of('type/' .. type))
add('group/' .. queue .. '/' .. group, group ~= '' and of_queue and of_queue.of_group)
return uses
