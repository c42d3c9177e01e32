-- ARGV from 2: queue/group, ...
for i = 2, #ARGV do
  if not parked_of(ARGV[i]) then
    note_parked(ARGV[i], 0)
    call('ZADD', UNPARK, now, ARGV[i])
  elseif call('ZSCORE', UNPARK, ARGV[i]) then
    note_low(string.match(ARGV[i], '^([^/]+)/(.+)$')) -- a taker of a version before does not
  else
    call('ZADD', UNPARK, now, ARGV[i])
  end
end
return 1
