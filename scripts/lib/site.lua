-- Loads a site: runs its files in order, checks the whole, and makes of it the tables the daemon works with.

local text = require "senda.text"
local nearest = require "senda.nearest"
local schema = require "senda.schema"
local constructors = require "senda.constructors"
local checker = require "senda.checker"
local problems = require "senda.problems"
local registry = require "senda.registry"
local files = require "senda.files"
local syntax = require "senda.syntax"
local strays = require "senda.strays"
local sharing = require "senda.sharing"
local csv = require "senda.csv"
local quantity = require "senda.quantity"
local lexer = require "senda.lexer"
local check_functions = require "senda.check_functions"
local checks = require "senda.checks"
local normalise = require "senda.normalise"

local site = {}

--- What the program around supplies.
---@class senda.Host
---@field directory string name of the site's folder
---@field source fun(path: string): string? text of a file of the site
---@field unread? fun(): { path: string, reason: string }[] files and folders of the site that can't be read
---@field shipped fun(name: string): string? text of a journey that ships with senda
---@field shipped_names fun(): string[]
---@field instant fun(zone: string, year: integer, month: integer, day: integer, hour: integer, minute: integer, second: integer): integer?
---@field zone fun(name: string): boolean
--- `run` says whether the file ran; then false if no table of it can have a field twice, else what was wrong. What a file
--- that `shares` declares is known to those that run after it.
---@field run fun(path: string, text: string, environment: table, shares: boolean): true?, boolean|{ message: string, file?: string, line?: integer }|nil
---@field csv fun(path: string): senda.Rows?, { message: string, line?: integer, column?: integer }?
---@field function_problem fun(hook: function): string?, integer?, string? what, on which line, of which file
---@field members? { customer: string[], offer: string[] } what functions of strategies can ask of each
---@field now? fun(): integer seconds since the epoch, for telling offers that have ended

--- The rows of a table, in order.
---@class senda.Rows
---@field separator string what stands between cells: "," or ";"
---@field [integer] { line: integer, cells: string[] }

---@class senda.Loader
---@field problems senda.Problem[] once loading has ended
---@field result? table valid if there's no error
---@field problems_found senda.Problems
---@field registry senda.Registry
---@field checker senda.Checker
---@field tasks function[] what is still to be done, the next one last
---@field asked senda.Asked[] the names that functions ask for, with their places
---@field paths string[] of the site's files, in the order of reading
---@field shared_lost? string|true what shared.lua says, where it couldn't be read
---@field searched integer bytes that were looked through for names of other files
local loader = {}
loader.__index = loader

local ROWS_A_STEP = 1000
local CELLS_A_STEP = 10000 -- where rows are wide
local SHIPPED = "shipped/journeys/"

--- The text of a file, which may be one that ships with senda.
---@param path string
---@return string?
function loader:source_of(path)
  if path:sub(1, #SHIPPED) == SHIPPED then return self.host.shipped(path:match("([^/]+)%.lua$")) end
  return self.host.source(path)
end

---@param host senda.Host
---@return senda.Loader
function site.new(host)
  local self = setmetatable({ host = host, tokens = {}, unfinished = {}, tasks = {}, strays = {}, asked = {}, paths = {}, searched = 0 }, loader)
  self.registry = registry.new(schema.order)
  self.problems_found = problems.new(function(path) return self:source_of(path) end, schema.constructs)
  self.checker = checker.new(self.problems_found, host)
  self.checker.loader = self
  self.environment = setmetatable(constructors.environment(self), {
    __index = function(_, word) return strays.stand_in(self, word) end,
  })
  return self
end

--- Raises an error where a constructor is called by a function that runs later, in a decision.
---@param construct string
function loader:must_be_loading(construct)
  if not self.running then
    error(string.format("'%s' declares something, which only works while the site is loaded, not in a function that runs later", construct), 3)
  end
  if self.running == sharing.FILE then
    error(string.format("%s holds functions and values that other files use; '%s' declares something, which is for %s", sharing.FILE, construct,
      files.place_for(construct)), 3)
  end
end

--- Reports in plain words what Lua said of a file.
---@param path string
---@param content string
---@param failure { message: string, file?: string, line?: integer }
function loader:report_run(path, content, failure)
  local own = (failure.file or path) == path
  local saying = syntax.explain(tostring(failure.message), failure.file or path, own and content or nil, failure.line)
  local line, column = saying.line or failure.line, saying.column
  if line and saying.word and own then
    local cut = self.problems_found:source_of(path)
    column = cut and cut:find_on_line(line, saying.word)
  end
  if saying.unknown and sharing.may_have_lost(self, saying.unknown) then return end
  self.problems_found:add_at("error", { file = failure.file or path, line = line, column = column }, {
    message = saying.message, nearest = saying.nearest, hint = saying.unknown and sharing.hint(self, path, saying.unknown) or saying.hint,
  })
end

-- What the file would have declared is not missed elsewhere; nil: it can't be known.
local function note_lost(self, path, content)
  if path == sharing.FILE then sharing.note_lost(self, content) end
  if content then return self.registry:note_broken(content) end
  for construct in pairs(schema.constructs) do self.registry:note_lost(construct) end
end

local function refuse_run(self, path, content, failure)
  self:report_run(path, content, type(failure) == "table" and failure or { message = failure })
  note_lost(self, path, content)
end

-- Some editors save in sixteen bits a letter, of which Lua would complain letter by letter.
local function is_wide(content)
  local mark = string.sub(content, 1, 2)
  return mark == "\xFF\xFE" or mark == "\xFE\xFF" or string.find(string.sub(content, 1, 200), "\0", 1, true) ~= nil
end

-- The place of the first text or sign that is written in another encoding; nil if there's none. Comments may be as they like.
local function find_misfit(content)
  if utf8.len(content) then return nil end
  local tokens = lexer.cut(content)
  for index = 1, tokens.count do
    local behind = tokens.starts[index + 1] or #content + 1
    if not utf8.len(tokens.values[index]) and not utf8.len(string.sub(content, tokens.starts[index], behind - 1)) then
      return lexer.place(tokens, index)
    end
  end
  return nil
end

-- Whether the file is saved in an encoding of letters that can be read; complains once if it isn't.
local function is_readable(self, path, content)
  local line, column = find_misfit(content)
  local wide = is_wide(content)
  if line or wide then
    note_lost(self, path, not wide and content or nil)
    self.problems_found:add_at("error", { file = path, line = line, column = column }, {
      message = "not saved as UTF-8", hint = "in the editor, choose the encoding UTF-8 when saving, so that letters such as ñ or é come out right",
    })
  end
  return not (line or wide)
end

-- Lua would say nothing of a field that is given twice.
local function refuse_repeats(self, path)
  local cut = self.problems_found:source_of(path)
  for _, found in ipairs(cut and cut:repeats() or {}) do
    local declaration = { construct = found.construct, name = found.name }
    self.problems_found:add_at("error", { file = path, line = found.line, column = found.column }, {
      message = string.format("%s: the field '%s' is there twice: the first one stands in line %d", checker.title(declaration),
        text.escape(found.path), found.first_line),
      hint = found.construct == "test" and found.path:find("^expect%.") and "write a test for each" or "take one of them away",
    })
  end
end

-- A point between thousands begins a fraction to Lua: 1.200 is 1.2, without a word.
local function warn_of_thousands(self, path)
  local cut = self.problems_found:source_of(path)
  for _, found in ipairs(cut and cut:numbers() or {}) do
    local field = schema.constructs[found.construct].by_name[found.path]
    local thousands, fraction = quantity.doubt(found.written)
    if thousands and not (field and field.integer) then -- a whole number is refused as none
      self.problems_found:add_at("warning", { file = path, line = found.line, column = found.column }, {
        message = string.format("%s: %s: a point begins the fraction, so this is %s", checker.title(found), text.escape(found.path), fraction),
        hint = string.format("write %s if thousands are meant, %s if not", thousands, fraction),
      })
    end
  end
end

local THOUSANDS = "[={,]%s*%-?[1-9]%d?%d?%.%d%d%d%s*[,;}]"

local function run_text(self, path, content, shipped)
  self.problems_found:note_file(path)
  if not is_readable(self, path, content) then return end
  self.running, self.running_shipped = path, shipped
  local done, failure = self.host.run(path, content, self.environment, path == sharing.FILE)
  if done then
    constructors.end_file(self)
    if failure ~= false and not shipped then refuse_repeats(self, path) end
    if not shipped and string.find(content, THOUSANDS) then warn_of_thousands(self, path) end
    if not shipped and string.find(content, "function", 1, true) then check_functions.note(self, path) end
  else
    refuse_run(self, path, content, failure)
    self.tokens, self.unfinished = {}, {}
  end
  self.running, self.running_shipped = nil, nil
end

local function run_file(self, path)
  local content = self.host.source(path)
  if not content then
    self.problems_found:note_file(path)
    self.problems_found:add_at("error", { file = path }, { message = "this file can't be read" })
    return note_lost(self, path)
  end
  run_text(self, path, content)
end

---@class senda.Sheet
---@field path string
---@field columns table<integer, senda.Column>
---@field numeric table<integer, senda.Column> those whose cells may be taken for other numbers than they are
---@field count integer of cells in the header
---@field rows senda.Rows

-- One cell of a column is told, the others are likely written in the same way.
local function warn_of_numbers(self, record, sheet, row)
  for index, column in pairs(sheet.numeric) do
    local finding = csv.doubtful(column, row.cells[index] or "")
    if finding then
      sheet.numeric[index] = nil
      checker.report(self.problems_found, "warning", record, finding)
    end
  end
end

local function add_row(self, sheet, row)
  local misfit = csv.misfit(sheet.count, row.cells, sheet.rows.separator)
  if misfit then
    self.registry:note_lost_piece("offer", table.concat(row.cells, ","))
    return self.problems_found:add_at("error", { file = sheet.path, line = row.line, column = 1 }, misfit)
  end
  local id, raw = csv.read_row(sheet.columns, row.cells)
  local record = { construct = "offer", name = id, file = sheet.path, line = row.line }
  if not id then
    record.failed = true
    self.problems_found:add("error", record, { path = { "id" }, message = "this row has no id; expected the offer's name in the column 'id'" })
  end
  constructors.check_name(self, record)
  constructors.complete(self, schema.constructs.offer, record, raw)
  warn_of_numbers(self, record, sheet, row)
end

local function load_rows(self, sheet, from)
  local rows = sheet.rows
  local last = math.min(#rows, from + math.min(ROWS_A_STEP, CELLS_A_STEP // sheet.count + 1) - 1)
  for index = from, last do
    if not csv.is_blank(rows[index].cells) then add_row(self, sheet, rows[index]) end
  end
  if last < #rows then self:push(function() load_rows(self, sheet, last + 1) end) end
end

local function load_csv(self, path)
  self.problems_found:note_file(path)
  local rows, failure = self.host.csv(path)
  if not rows then
    failure = type(failure) == "table" and failure or { message = tostring(failure) }
    self.problems_found:add_at("error", { file = path, line = failure.line, column = failure.column }, { message = failure.message })
    self.registry:note_lost_piece("offer", self.host.source(path) or "")
    return
  end
  if not rows[1] then return end
  local function place(index)
    return { file = path, line = rows[1].line, column = csv.header_column(self.host.source(path) or "", rows[1].line, index, rows.separator) }
  end
  local columns = csv.read_header(rows[1].cells, self.problems_found, place)
  if not columns then
    self.registry:note_lost_piece("offer", self.host.source(path) or "")
    return
  end
  local count = #rows[1].cells
  self.problems_found:note_locator(path, csv.locator(columns, count, rows.separator, function() return self.host.source(path) end))
  local sheet = { path = path, columns = columns, numeric = csv.numeric_columns(columns), count = count, rows = rows }
  self:push(function() load_rows(self, sheet, 2) end)
end

local function refuse_journey(self, declaration, path, name)
  if self.registry.broken.journey then return end
  self.registry:note_lost("stage") -- its stages can't be known: one complaint is enough
  local own, known = self.registry.shelves.journey.names, {}
  table.move(self.host.shipped_names(), 1, #self.host.shipped_names(), 1, known)
  table.move(own, 1, #own, #known + 1, known)
  checker.report(self.problems_found, "error", declaration, {
    path = path, message = string.format("no journey %s", text.quote(name)), nearest = nearest.find(name, known),
    hint = #known > 0 and "known journeys: " .. text.join(known, "and") or nil,
  })
end

-- Runs a journey that the site asks for and doesn't declare itself.
local function load_shipped(self, declaration, path, name)
  if not name or self.registry:find("journey", name) or self.wanted[name] then return end
  self.wanted[name] = true
  local content = self.host.shipped(name)
  if not content then return refuse_journey(self, declaration, path, name) end
  self:push(function() run_text(self, SHIPPED .. name .. ".lua", content, true) end)
end

local function load_wanted(self)
  local declaration = self.registry:list("site")[1]
  if not declaration then return end
  self.wanted = {}
  for index = #(declaration.journeys or {}), 1, -1 do
    load_shipped(self, declaration, { "journeys", index }, declaration.journeys[index])
  end
  load_shipped(self, declaration, { "journey" }, declaration.journey)
end

--- Puts a task before all that wait.
---@param task fun()
function loader:push(task)
  self.tasks[#self.tasks + 1] = task
end

local function finish_offers(self, from)
  local offers = self.registry:list("offer")
  local last = math.min(#offers, from + ROWS_A_STEP - 1)
  for index = from, last do normalise.offer(self, offers[index]) end
  if last < #offers then self:push(function() finish_offers(self, last + 1) end) end
end

local function finish(self)
  self.problems = self.problems_found:finish()
  if self.problems_found.counts.error > 0 then return end
  self.result = normalise.finish(self)
  finish_offers(self, 1)
end

-- What they would have declared is not missed elsewhere.
local function refuse_unread(self)
  for _, unread in ipairs(self.host.unread and self.host.unread() or {}) do
    self.problems_found:note_file(unread.path)
    self.problems_found:add_at("error", { file = unread.path }, { message = "this can't be read: " .. unread.reason })
    for _, construct in ipairs(files.brings(unread.path)) do self.registry:note_lost(construct) end
    if unread.path == sharing.FILE then sharing.note_lost(self) end
  end
end

local function plan(self, paths)
  refuse_unread(self)
  local order = files.order(paths, self.problems_found)
  local after_journeys = {}
  self.paths = order
  for _, path in ipairs(order) do
    if not path:find("^site%.lua$") and not path:find("^journeys/") then table.insert(after_journeys, path) end
  end
  self:push(function() finish(self) end)
  self:push(function() checks.plan(self) end)
  for index = #order, 1, -1 do
    local path = order[index]
    if index == #order - #after_journeys then self:push(function() load_wanted(self) end) end
    self:push(function()
      if path:find("%.csv$") then load_csv(self, path) else run_file(self, path) end
    end)
  end
  if #after_journeys == #order then self:push(function() load_wanted(self) end) end
end

--- Loads the files step by step: the iterator does one file, or about a thousand items, and gives false at the end.
---@param paths string[] of the site's files
---@return fun(): boolean
function loader:steps(paths)
  plan(self, paths)
  return function()
    local task = table.remove(self.tasks)
    if task then task() end
    return #self.tasks > 0
  end
end

--- Loads the files at once.
---@param paths string[]
function loader:load(paths)
  for more in self:steps(paths) do
    if not more then return end
  end
end

site.format = problems.format
site.schema = schema

return site
