-- The words that sites are written with: offer "name" { … } and its like. Each checks what it's given at once and keeps
-- a copy, so that authors may reuse and change their tables.

local text = require "senda.text"
local names = require "senda.names"
local schema = require "senda.schema"
local records = require "senda.records"
local types = require "senda.types_history"
local rules = require "senda.rules"
local checker = require "senda.checker"
local callers = require "senda.callers"

local constructors = {}

local function example_name(construct)
  return construct.name == "test" and "what should happen" or construct.name .. "-name"
end

local function refuse(loader, record, finding)
  checker.report(loader.problems_found, "error", record, finding)
end

--- Checks a declaration's own name.
---@param loader senda.Loader
---@param record senda.Record
function constructors.check_name(loader, record)
  local name = record.name
  if not name then return end
  if record.construct == "test" then
    if name ~= "" and #name <= 256 and utf8.len(name) then return end
    return refuse(loader, record, { message = "a test is named by a sentence of 256 bytes at most" })
  end
  if names.is_name(name) then return end
  refuse(loader, record, {
    message = string.format("a name has small letters, digits, - and _ only, and at most %d of them", names.LONGEST),
    expected = names.expected, nearest = names.suggest(name),
  })
end

local function refuse_second(loader, record, first)
  local where = first.file == record.file and "" or first.file .. ", "
  refuse(loader, record, {
    message = string.format("this name is taken: the first %s of that name is in %sline %s", record.construct, where, first.line or "?"),
    hint = "give one of them another name, or delete one",
  })
end

-- Stages belong to their journey, which looks for names given twice; all others have one name each in the whole site.
local function register(loader, record)
  local first = loader.registry:add(record)
  if not first or record.construct == "stage" then return end
  if record.construct == "test" then
    checker.report(loader.problems_found, "warning", record, {
      message = string.format("another test has this name: %s, line %s", first.file, first.line or "?"),
    })
  else
    refuse_second(loader, record, first)
  end
end

local function new_record(loader, construct, name, line)
  local record = { construct = construct.name, name = name, file = loader.running, line = line, shipped = loader.running_shipped }
  local first = name and loader.registry:find(construct.name, name)
  if first and first.file == record.file and first.line == line then
    first.alike = (first.alike or 1) + 1
    record.nth = first.alike
  end
  return record
end

-- A stage's table is asked for by the journey around it: this token stands for it there.
local function give_token(loader, record)
  if record.construct ~= "stage" then return nil end
  local token = {}
  loader.tokens[token] = record
  record.loose = true
  return token
end

--- Takes the fields of a declaration: checks, keeps and registers them.
---@param loader senda.Loader
---@param construct senda.Construct
---@param record senda.Record
---@param fields any
---@return table? token of a stage
function constructors.complete(loader, construct, record, fields)
  local check = loader.checker
  check:begin(record)
  if type(fields) ~= "table" then
    refuse(loader, record, {
      message = string.format("expected fields in braces { … } after the name, got %s", text.describe(fields)),
      hint = construct.example,
    })
  elseif loader.tokens[fields] then
    refuse(loader, record, { message = "expected fields in braces { … } after the name, got a stage" })
  else
    records.check(check, construct, fields, record)
    local rule = rules[construct.name]
    if rule then rule(check, record, fields) end
  end
  register(loader, record)
  return give_token(loader, record)
end

-- Fields without a name before them; if they hold one, it's taken, so that what refers to it isn't complained about.
local function complete_nameless(loader, construct, fields, line)
  local given = fields.id or fields.name
  local record = new_record(loader, construct, names.is_name(given) and construct.name ~= "persona" and given or nil, line)
  if construct.nameless then
    record.name = nil
    return constructors.complete(loader, construct, record, fields)
  end
  refuse(loader, record, {
    message = string.format('%s needs a name before its braces: %s "%s" { … }', text.with_article(construct.name), construct.name,
      names.is_name(given) and given or example_name(construct)),
    expected = "a name in quotes",
  })
  register(loader, record)
  return give_token(loader, record)
end

local function refuse_call(loader, construct, first, line)
  local record = new_record(loader, construct, nil, line)
  refuse(loader, record, {
    message = string.format("expected a name in quotes after %s, got %s", construct.name, text.describe(first)),
    expected = "a name in quotes", hint = string.format('%s "%s" { … }', construct.name, example_name(construct)),
  })
  return give_token(loader, record)
end

local function start(loader, construct, name, line)
  local record = new_record(loader, construct, name, line)
  constructors.check_name(loader, record)
  local completed = false
  local function complete(fields)
    loader:must_be_loading(construct.name)
    if completed then record = new_record(loader, construct, name, line) end
    completed = true
    loader.unfinished[complete] = nil
    return constructors.complete(loader, construct, record, fields)
  end
  loader.unfinished[complete] = record
  return complete
end

local function construct_function(loader, construct)
  return function(first, second)
    loader:must_be_loading(construct.name)
    local line = callers.line_in(loader.running)
    if type(first) == "string" then
      local complete = start(loader, construct, first, line)
      if second == nil then return complete end
      return complete(second)
    elseif type(first) == "table" and not loader.tokens[first] then
      return complete_nameless(loader, construct, first, line)
    end
    return refuse_call(loader, construct, first, line)
  end
end

--- The table of constructors that a site's files find in reach.
---@param loader senda.Loader
---@return table<string, function>
function constructors.environment(loader)
  local environment = {}
  for _, name in ipairs(schema.order) do
    environment[name] = construct_function(loader, schema.constructs[name])
  end
  return environment
end

local function refuse_unfinished(loader, record)
  refuse(loader, record, {
    message = string.format('has no { … }; expected %s %s { … }', record.construct, text.quote(record.name)),
    expected = "fields in braces { … }", hint = schema.constructs[record.construct].example,
  })
end

--- At the end of a file: declarations that were named and never given fields, stages outside of journeys.
---@param loader senda.Loader
function constructors.end_file(loader)
  for _, record in pairs(loader.unfinished) do
    refuse_unfinished(loader, record)
    register(loader, record)
  end
  loader.unfinished = {}
  for _, record in pairs(loader.tokens) do
    if record.loose then
      refuse(loader, record, {
        message = "a stage stands inside of a journey's braces: journey \"…\" { stage \"…\" { … } }",
        expected = "a journey around it",
      })
    end
  end
  loader.tokens = {}
end

local function take_stage(check, item)
  local loader = check.loader
  local record = type(item) == "table" and loader.tokens[item]
  if record then
    record.loose = nil
    return record
  end
  record = loader.unfinished[item]
  if record then
    loader.unfinished[item] = nil
    refuse_unfinished(loader, record)
    return record
  end
  check:refuse {
    message = string.format("expected a stage here, got %s", text.describe(item)), expected = 'stage "…" { … }',
    hint = type(item) == "string" and string.format("write stage %s { … }", text.quote(item)) or nil,
  }
  return nil
end

types.stages = {
  expected = function() return 'stages: stage "…" { … }, stage "…" { … }' end,
  check = function(check, _, items)
    local order, stages = {}, {}
    for index in pairs(items) do
      if math.type(index) == "integer" then order[#order + 1] = index end
    end
    table.sort(order)
    for _, index in ipairs(order) do
      check:enter(index)
      stages[#stages + 1] = take_stage(check, items[index])
      check:leave()
    end
    return stages
  end,
}

return constructors
