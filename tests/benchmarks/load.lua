-- Sends the requests of a file one after the other, from the first again after the last.
-- A request whose target holds {n} is never sent twice alike. Prints figures as JSON.
local prepared, parts, position = {}, {}, 0
local mark, counter = "", 0

function init(arguments)
  local file = assert(io.open(arguments[1], "rb"))
  mark = arguments[2] .. "-"
  for text in file:read("*a"):gmatch("(.-)%z") do
    prepared[#prepared + 1] = text
    local before, after = text:match("^(.-){n}(.*)$")
    parts[#prepared] = before and { before, after } or false
  end
  file:close()
end

function request()
  position = position % #prepared + 1
  local part = parts[position]
  if part then
    counter = counter + 1
    return part[1] .. mark .. counter .. part[2]
  end
  return prepared[position]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests": %d, "microseconds": %d, "refused": %d, "broken": %d, "p50": %d, "p99": %d}\n',
    summary.requests, summary.duration, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50), latency:percentile(99)))
end
