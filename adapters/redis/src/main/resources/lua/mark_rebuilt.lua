-- ARGV from 2: for how many milliseconds attempts may run unheard
local unheard = tonumber(ARGV[2])
if unheard > 0 then
  call('SET', EPOCH, (now + unheard) .. ' ' .. now)
else
  call('SET', EPOCH, '0 0')
end
