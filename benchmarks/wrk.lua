-- A POST of 256 bytes, or with the argument "get" a GET; at the end one line that the benchmark reads. wrk counts in
-- microseconds.
function init(arguments)
  if arguments[1] ~= "get" then
    wrk.method = "POST"
    wrk.body = string.rep("x", 256)
    wrk.headers["Content-Type"] = "application/octet-stream"
  end
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    "photon requests=%d duration=%d p50=%d p99=%d failed=%d lost=%d\n",
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
