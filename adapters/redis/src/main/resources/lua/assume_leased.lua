-- ARGV from 2: lease in milliseconds; then per attempt: id, attempt, priority, lane, envelope
local milliseconds = tonumber(ARGV[2])
for i = 3, #ARGV, 5 do
  local id, attempt = ARGV[i], tonumber(ARGV[i + 1])
  local state, latest, rest = known(id)
  if not state or latest < attempt then
    call('HSET', BODIES, id, ARGV[i + 4])
    remove(id, state, rest)
    lease(id, attempt, ARGV[i + 2], ARGV[i + 3], '', milliseconds)
    count(ARGV[i + 3], 1)
  end
end
settle()
