-- ARGV from 2, per attempt: id, attempt
proceed_when_memory_is_full()
for i = 2, #ARGV, 2 do
  local id, attempt = ARGV[i], tonumber(ARGV[i + 1])
  local state, latest, rest = known(id)
  if not state or latest <= attempt then
    remove(id, state, rest)
    call('HDEL', BODIES, id)
    call('HSET', JOBS, id, 'F ' .. attempt .. ' ' .. now)
    call('ZADD', FINISHED, now, id)
  end
end
forget_finished(math.min(2000, 100 + #ARGV))
