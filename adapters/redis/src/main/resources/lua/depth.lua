-- Returns queue, depth, queue, depth, ...
local depths = {}
for _, queue in ipairs(call('SMEMBERS', QUEUES)) do
  depths[#depths + 1] = queue
  depths[#depths + 1] = call('ZCARD', READY .. queue)
end
return depths
