-- Stands before the scripts that ask whether a job may start.

-- When attempts are all known of, and when the last wipe was; nothing when it is not rebuilt yet.
local known_from, wiped
local function read_epoch()
  if not known_from then
    local epoch = call('GET', EPOCH)
    if epoch then
      local from, at = string.match(epoch, '^(%d+) ?(%d*)$')
      known_from, wiped = tonumber(from or 0), tonumber(at or '') or 0
    else
      known_from, wiped = now + 1000, now -- nobody knows yet for how long
    end
  end
end

-- For how long a rate takes to bring so many tokens.
local function time_of(rate, tokens)
  return tokens * rate.per / rate.tokens
end

-- When the bucket is full. After a wipe nothing is known of it: it counts as empty then.
local function full_at(field, rate)
  local full = call('ZSCORE', BUCKETS, field)
  if full then
    return tonumber(full)
  end
  read_epoch()
  return wiped == 0 and 0 or wiped + time_of(rate, rate.burst)
end

-- For how long a job has to wait for tokens.
local function wait_for_tokens(field, rate, cost)
  local missing = math.max(0, full_at(field, rate) - now)
  return math.max(0, missing - time_of(rate, math.max(0, rate.burst - cost)))
end

-- For how long a limit keeps a job from starting: 0 = not at all, 'ended' = until one ends.
local function wait_of(field, limits, cost)
  if limits.concurrency then
    if running_of(field) >= limits.concurrency then
      return 'ended'
    end
    read_epoch()
    if known_from > now then
      return known_from - now
    end
  end
  if limits.rate then
    return wait_for_tokens(field, limits.rate, cost)
  end
  return 0
end

