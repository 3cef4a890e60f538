-- Walks through a declaration's fields, knowing where it is, and reports what doesn't fit.

local text = require "senda.text"

local checker = {}
checker.__index = checker

---@class senda.Checker
---@field problems senda.Problems
---@field host senda.Host
---@field declaration senda.Declaration
---@field path (string|integer)[]
---@field depth integer

---@param problems senda.Problems
---@param host senda.Host
---@return senda.Checker
function checker.new(problems, host)
  return setmetatable({ problems = problems, host = host, path = {}, depth = 0 }, checker)
end

--- Begins with a declaration.
---@param declaration senda.Declaration
function checker:begin(declaration)
  self.declaration, self.depth = declaration, 0
end

---@param key string|integer
function checker:enter(key)
  self.depth = self.depth + 1
  self.path[self.depth] = key
end

function checker:leave()
  self.depth = self.depth - 1
end

--- Whether the declaration is a row of a table, in which nothing stands in quotes or braces.
---@param declaration senda.Declaration
---@return boolean
function checker.is_row(declaration)
  return declaration.file ~= nil and declaration.file:find("%.csv$") ~= nil
end

--- How a value is written where the walk stands: 'stock = 3', or the value alone in a table.
---@param field senda.Field
---@param value string as it stands in Lua
---@param bare? string as it stands in a table
---@return string
function checker:write(field, value, bare)
  if checker.is_row(self.declaration) then return bare or value end
  return string.format("%s = %s", field.name, value)
end

local function copy_path(self)
  return table.move(self.path, 1, self.depth, 1, {})
end

--- How a path is read out: "limit.within", "stages, item 2".
---@param path (string|integer)[]
---@return string
function checker.read_path(path)
  local said = ""
  for _, key in ipairs(path) do
    if type(key) == "string" then
      said = said .. (said == "" and "" or ".") .. text.escape(key)
    else
      said = said .. (said == "" and "item " or ", item ") .. text.describe(key)
    end
  end
  return said
end

--- 'offer "spring-sale"'
---@param declaration senda.Declaration
---@return string
function checker.title(declaration)
  if not declaration.name then return declaration.construct end
  return declaration.construct .. " " .. text.quote(declaration.name)
end

--- Whether a problem won't be listed, as there are too many already. If so it's counted here, and the work of wording it
--- can be spared.
---@param problems senda.Problems
---@param severity "error"|"warning"
---@param declaration senda.Declaration
---@return boolean
function checker.only_counts(problems, severity, declaration)
  if problems:has_room(severity) then return false end
  if severity == "error" then declaration.failed = true end
  problems:count(severity)
  return true
end

--- Reports a problem of a declaration; the message is put behind its title and the path.
---@param problems senda.Problems
---@param severity "error"|"warning"
---@param declaration senda.Declaration
---@param finding senda.Finding
function checker.report(problems, severity, declaration, finding)
  if checker.only_counts(problems, severity, declaration) then return end
  if severity == "error" then declaration.failed = true end
  local lead = checker.title(declaration) .. ": "
  if finding.path and #finding.path > 0 and finding.at ~= "key" then
    lead = lead .. checker.read_path(finding.alone and table.move(finding.path, 1, #finding.path - 1, 1, {}) or finding.path) .. ": "
  end
  finding.message = lead .. finding.message
  problems:add(severity, declaration, finding)
end

--- Reports an error where the walk stands.
---@param finding senda.Finding
function checker:refuse(finding)
  finding.path = finding.path or copy_path(self)
  checker.report(self.problems, "error", self.declaration, finding)
end

--- Reports that a value isn't what the field takes.
---@param field senda.Field
---@param expected string
---@param value any
---@param hint? string
---@param near? string
function checker:wrong(field, expected, value, hint, near)
  if checker.only_counts(self.problems, "error", self.declaration) then return end
  local meaning = field.help and string.format(" (%s)", field.help) or ""
  self:refuse {
    message = string.format("expected %s%s, got %s", expected, meaning, text.describe(value)),
    expected = expected, hint = hint, nearest = near,
  }
end

return checker
