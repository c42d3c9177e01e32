-- ARGV from 2: worker, lease in milliseconds; then per job: id, attempt, priority, lane, body
-- ('' = only when asked for)
-- Returns per job: 0 = leased, 1 = lost, 2 = not known, ask again with the body.
local HELD, LOST, BODY_WANTED = 0, 1, 2
local worker, milliseconds = ARGV[2], tonumber(ARGV[3])
proceed_when_memory_is_full()

local function extend(id, attempt, priority, lane, body)
  local state, latest, rest = known(id)
  if not state or latest < attempt then
    if body == '' then
      return BODY_WANTED
    end
    remove(id, state, rest)
    call('HSET', BODIES, id, body)
  elseif state == 'F' or latest > attempt then
    return LOST
  elseif state == 'R' then
    remove(id, state, rest)
  else
    local holder = string.match(rest, '^%d [^ ]+ (.*)$')
    if holder ~= '' and holder ~= worker then
      return LOST
    end
  end
  lease(id, attempt, priority, lane, worker, milliseconds)
  return HELD
end

local outcomes = {}
for i = 4, #ARGV, 5 do
  outcomes[#outcomes + 1] =
    extend(ARGV[i], tonumber(ARGV[i + 1]), ARGV[i + 2], ARGV[i + 3], ARGV[i + 4])
end
return outcomes
