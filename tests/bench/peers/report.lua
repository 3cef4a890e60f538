-- Prints the tables of a run: medians of each system, and how systems compare round by round.
--
--   lua5.4 report.lua RESULTS      a line of JSON for each run, as peers_drive prints it

local FIELDS = { "rate", "p50_us", "p99_us", "server_us", "driver_busy" }

-- depths: in order met; runs[depth][system]: list of runs, one a round; systems: in order met.
local function read_results(path)
  local depths, systems, runs, known = {}, {}, {}, {}
  for line in io.lines(path) do
    local system, depth = line:match('"system": "([^"]+)"'), math.tointeger(tonumber(line:match('"depth": (%d+)')))
    local run = { connections = line:match('"connections": (%d+)') }
    for _, field in ipairs(FIELDS) do
      run[field] = tonumber(line:match('"' .. field .. '": ([%d.]+)'))
    end
    if not runs[depth] then
      runs[depth] = {}
      depths[#depths + 1] = depth
    end
    if not known[system] then
      known[system] = true
      systems[#systems + 1] = system
    end
    runs[depth][system] = runs[depth][system] or {}
    table.insert(runs[depth][system], run)
  end
  return depths, systems, runs
end

local function median(values)
  table.sort(values)
  local middle = #values // 2
  if #values % 2 == 1 then return values[middle + 1] end
  return (values[middle] + values[middle + 1]) / 2
end

local function median_of(list, field)
  local values = {}
  for i, run in ipairs(list) do
    values[i] = run[field]
  end
  return median(values)
end

local function ratio(list, other)
  local values = {}
  for i, run in ipairs(list) do
    values[i] = run.rate / other[i].rate
  end
  return median(values)
end

local function print_medians(systems, at_depth)
  print(("%-16s %10s %10s %10s %12s %12s"):format(
    "median", "requests/s", "p50 us", "p99 us", "server us", "driver busy"))
  for _, system in ipairs(systems) do
    local list = at_depth[system]
    print(("%-16s %10.0f %10.1f %10.1f %12.2f %12.2f"):format(system, median_of(list, "rate"),
      median_of(list, "p50_us"), median_of(list, "p99_us"), median_of(list, "server_us"),
      median_of(list, "driver_busy")))
  end
end

local function print_ratios(systems, at_depth)
  local parts = { ("%-16s"):format("row / column") }
  for _, system in ipairs(systems) do
    parts[#parts + 1] = ("%15s"):format(system)
  end
  print(table.concat(parts, " "))
  for _, row in ipairs(systems) do
    parts = { ("%-16s"):format(row) }
    for _, column in ipairs(systems) do
      parts[#parts + 1] = ("%15.2f"):format(ratio(at_depth[row], at_depth[column]))
    end
    print(table.concat(parts, " "))
  end
end

local depths, systems, runs = read_results(arg[1] or error("usage: lua5.4 report.lua RESULTS", 0))
for _, depth in ipairs(depths) do
  print(("\ndepth %d, %s connections"):format(depth, runs[depth][systems[1]][1].connections))
  print_medians(systems, runs[depth])
  print("requests/s, median of the rounds' ratios")
  print_ratios(systems, runs[depth])
end
