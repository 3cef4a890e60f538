-- The list of what is wrong with a site: each problem with its place, in the order of the files, and never endless.

local source = require "senda.source"

local problems = {}
problems.__index = problems

problems.LISTED = 200 -- more of them help nobody
local KEPT_SOURCES = 8 -- files held cut into tokens; problems come file by file

---@class senda.Problem
---@field severity "error"|"warning"
---@field file? string
---@field line? integer
---@field column? integer in bytes, from 1
---@field message string the whole sentence: what, expected, and the nearest right name
---@field expected? string
---@field nearest? string
---@field hint? string what to do about it

---@class senda.Problems
---@field list senda.Problem[]
---@field counts { error: integer, warning: integer }
---@field read fun(path: string): string?
---@field constructors table<string, any>
---@field sources table<string, senda.Source|false>
---@field order table<string, integer> place of each file in the order of loading

--- A new, empty list. `read` gives the text of a file, `constructors` has the constructors' names as keys.
---@return senda.Problems
function problems.new(read, constructors)
  return setmetatable({
    list = {}, counts = { error = 0, warning = 0 }, read = read, constructors = constructors,
    sources = {}, kept = {}, order = {}, locators = {}, files = 0,
  }, problems)
end

--- Tells the order of the files, as they are met.
---@param path string
function problems:note_file(path)
  if self.order[path] then return end
  self.files = self.files + 1
  self.order[path] = self.files
end

--- Has places of a file found by `locate(declaration, path, at) -> line, column` (rows of CSV files).
function problems:note_locator(path, locate)
  self.locators[path] = locate
end

--- The file's text, cut for searching; nil where it can't be read.
---@param path string
---@return senda.Source?
function problems:source_of(path)
  local cut = self.sources[path]
  if cut == nil then
    local content = self.read(path)
    cut = content and source.new(content, self.constructors) or false
    self.sources[path] = cut
    table.insert(self.kept, path)
    if #self.kept > KEPT_SOURCES then self.sources[table.remove(self.kept, 1)] = nil end
  end
  return cut or nil
end

local function locate(self, declaration, path, at)
  local line, column
  if self.locators[declaration.file] then
    line, column = self.locators[declaration.file](declaration, path, at)
  elseif declaration.file and declaration.line then
    local cut = self:source_of(declaration.file)
    if cut then line, column = cut:locate(declaration, path, at) end
  end
  return line or declaration.line, column
end

---@class senda.Finding
---@field message string
---@field path? (string|integer)[] the way to the field at fault
---@field at? "key"|"value"
---@field alone? boolean the path ends at the only item of a list, whose number isn't worth telling
---@field expected? string
---@field nearest? string
---@field hint? string

local function put(self, severity, file, line, column, finding)
  local message = finding.message
  if finding.nearest then message = string.format("%s; did you mean '%s'?", message, finding.nearest) end
  table.insert(self.list, {
    severity = severity, file = file, line = line, column = column, message = message,
    expected = finding.expected, nearest = finding.nearest, hint = finding.hint,
  })
end

--- Whether one more of this severity will be shown: spares the work on those that won't.
---@param severity "error"|"warning"
---@return boolean
function problems:has_room(severity)
  return self.counts[severity] < problems.LISTED
end

--- Counts a problem that won't be listed.
---@param severity "error"|"warning"
function problems:count(severity)
  self.counts[severity] = self.counts[severity] + 1
end

--- Notes a problem of a declaration.
---@param severity "error"|"warning"
---@param declaration senda.Declaration
---@param finding senda.Finding
function problems:add(severity, declaration, finding)
  local room = self:has_room(severity)
  self:count(severity)
  if not room then return end
  local line, column = locate(self, declaration, finding.path, finding.at)
  put(self, severity, declaration.file, line, column, finding)
end

--- Notes a problem of a file that no declaration owns.
---@param severity "error"|"warning"
---@param place { file?: string, line?: integer, column?: integer }
---@param finding senda.Finding
function problems:add_at(severity, place, finding)
  local room = self:has_room(severity)
  self:count(severity)
  if room then put(self, severity, place.file, place.line, place.column, finding) end
end

local function comes_first(order, a, b)
  local place_a, place_b = order[a.file] or math.huge, order[b.file] or math.huge
  if place_a ~= place_b then return place_a < place_b end
  if a.file ~= b.file then return (a.file or "") < (b.file or "") end
  if a.line ~= b.line then return (a.line or 0) < (b.line or 0) end
  if a.column ~= b.column then return (a.column or 0) < (b.column or 0) end
  if a.severity ~= b.severity then return a.severity == "error" end
  return a.message < b.message
end

local function drop_warnings(list)
  for index = #list, 1, -1 do
    if #list <= problems.LISTED then return end
    if list[index].severity == "warning" then table.remove(list, index) end
  end
end

local function describe_rest(counts, shown)
  local parts = {}
  for _, severity in ipairs { "error", "warning" } do
    local more = counts[severity] - shown[severity]
    if more > 0 then table.insert(parts, string.format("%d more %s%s", more, severity, more > 1 and "s" or "")) end
  end
  return table.concat(parts, " and ")
end

--- The list to show: sorted by file and line, cut at 200, the last entry saying how many more there are.
---@return senda.Problem[]
function problems:finish()
  table.sort(self.list, function(a, b) return comes_first(self.order, a, b) end)
  drop_warnings(self.list)
  local shown = { error = 0, warning = 0 }
  for _, problem in ipairs(self.list) do
    shown[problem.severity] = shown[problem.severity] + 1
  end
  local rest = describe_rest(self.counts, shown)
  if rest ~= "" then
    local severity = self.counts.error > shown.error and "error" or "warning"
    table.insert(self.list, { severity = severity, message = "… and " .. rest .. ", not listed" })
  end
  return self.list
end

--- A problem as people read it: place and message, the source line with a caret, the hint.
---@param problem senda.Problem
---@param content? string the file's text
---@return string
function problems.format(problem, content)
  local place = {}
  for _, part in ipairs { "file", "line", "column" } do
    if not problem[part] then break end
    table.insert(place, tostring(problem[part]))
  end
  local lines = { string.format("%s: %s: %s", table.concat(place, ":"), problem.severity, problem.message) }
  if not problem.file then lines[1] = string.format("%s: %s", problem.severity, problem.message) end
  if content and problem.line and problem.column then
    table.move(problems.show_line(content, problem.line, problem.column), 1, 2, 2, lines)
  end
  if problem.hint then table.insert(lines, "    hint: " .. problem.hint) end
  return table.concat(lines, "\n")
end

local function line_of(content, wanted)
  local at = 1
  for _ = 2, wanted do
    at = string.find(content, "\n", at, true)
    if not at then return "" end
    at = at + 1
  end
  return (string.match(content, "^[^\r\n]*", at))
end

--- The source line, and a caret under the column (counted in bytes, drawn in characters).
---@return string[]
function problems.show_line(content, line, column)
  local shown = line_of(content, line):gsub("[%c\127]", " ")
  local before = shown:sub(1, column - 1)
  local first = 1
  if #before > 80 then first = #before - 60 end
  local width = utf8.len(before:sub(first)) or #before - first + 1
  local piece = shown:sub(first, first + 119):gsub("^[\x80-\xBF]+", "")
  if #shown > first + 119 then piece = piece:gsub("[\xC0-\xFF][\x80-\xBF]*$", "") end
  return { "    " .. piece, "    " .. (" "):rep(width) .. "^" }
end

return problems
