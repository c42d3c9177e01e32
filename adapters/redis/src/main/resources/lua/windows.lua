-- ARGV from 2: how many ready jobs a queue may have; then per job: priority, lane, which has a group
-- Returns per job: 1 = its window has no room for it, or it would overtake parked jobs; 0 = it may
-- come. Returns nothing at all when there is nothing that could keep a job out.
if not has_limits() and not has_parked() then
  return {}
end
if call('HGET', PARKED, '') ~= ARGV[2] then
  call('HSET', PARKED, '', ARGV[2])
end

local groups = {} -- queue/group -> what is known of it
local function known_group(queue, group)
  local key = queue .. '/' .. group
  if not groups[key] then
    local _, best = parked_of(key)
    groups[key] = {window = window_of(queue, group), best = tonumber(best or 10), ready = {}, coming = {}}
  end
  return groups[key]
end

local outcomes = {}
for i = 3, #ARGV, 2 do
  local priority = tonumber(ARGV[i])
  local queue, _, name = parts(ARGV[i + 1])
  local group = known_group(queue, name)
  local outcome = 0
  if priority >= group.best then
    outcome = 1
  elseif group.window then
    group.ready[priority] = group.ready[priority] or ready_of(queue, name, priority)
    local before = group.ready[priority]
    for better = 0, priority do
      before = before + (group.coming[better] or 0)
    end
    if before >= group.window then
      outcome = 1
      group.best = priority -- nor may others come that stand behind it
    else
      group.coming[priority] = (group.coming[priority] or 0) + 1
    end
  end
  outcomes[#outcomes + 1] = outcome
end
return outcomes
