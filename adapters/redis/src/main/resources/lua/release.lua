-- ARGV from 2: worker; then per attempt: id, attempt, body
local worker = ARGV[2]
proceed_when_memory_is_full()
local attempts = (#ARGV - 2) / 3
local sequence = call('INCRBY', SEQUENCE, attempts) - attempts

-- Each goes ahead of the one before it, so the last comes first.
local awake = {}
for i = #ARGV - 2, 3, -3 do
  local id, attempt = ARGV[i], tonumber(ARGV[i + 1])
  local state, latest, rest = known(id)
  if state == 'L' and latest == attempt then
    local priority, lane, holder = string.match(rest, '^(%d) ([^ ]+) (.*)$')
    if holder == worker or holder == '' then
      sequence = sequence + 1
      call('HSET', BODIES, id, ARGV[i + 2])
      remove(id, state, rest)
      call('SADD', QUEUES, queue_of(lane))
      call('HSET', JOBS, id, ready_record(attempt, priority, lane))
      if add_to_lane(lane, {score(priority, -sequence), id}, sequence) then
        awake[#awake + 1] = lane
      end
    end
  end
end
wake(awake)
settle()
