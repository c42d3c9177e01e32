-- ARGV from 2: worker, lease in milliseconds; then per attempt: id, attempt, priority, lane, envelope
-- Returns per attempt: 0 = leased, 1 = lost.
local HELD, LOST = 0, 1
local worker, milliseconds = ARGV[2], tonumber(ARGV[3])
proceed_when_memory_is_full()

local function extend(id, attempt, priority, lane, envelope)
  local state, latest, rest = known(id)
  if not state or latest < attempt then
    remove(id, state, rest)
    call('HSET', BODIES, id, envelope)
  elseif state == 'F' or latest > attempt then
    return LOST
  elseif state == 'R' then
    remove(id, state, rest)
  else
    local counted, holder = string.match(rest, '^%d ([^ ]+) (.*)$')
    if holder ~= '' and holder ~= worker then
      return LOST
    end
    lane = counted -- as it came, whatever the worker knows of it
  end
  if state ~= 'L' or latest < attempt then
    count(lane, 1)
  end
  lease(id, attempt, priority, lane, worker, milliseconds)
  return HELD
end

local outcomes = {}
for i = 4, #ARGV, 5 do
  outcomes[#outcomes + 1] =
    extend(ARGV[i], tonumber(ARGV[i + 1]), ARGV[i + 2], ARGV[i + 3], ARGV[i + 4])
end
settle()
return outcomes
