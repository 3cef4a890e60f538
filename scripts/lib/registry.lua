-- Everything that has been declared: by construct, in order, and by name.

local names = require "senda.names"

local registry = {}
registry.__index = registry

local LONGEST_SEARCHED = 65536 -- bytes: no file of Lua may have more
local MOST_LOST = 2 * LONGEST_SEARCHED -- bytes kept of what couldn't be read
local MOST_SEARCHES = 1000 -- for names in it; beyond them every name is taken to be there

-- What follows upon the word where it declares something, well written or not; not so where it is a field (`stage = "x"`)
-- or stands in a text.
local DECLARING = {
  "%s*[(\"'%[{]", -- offer "x" {, offer("x", {
  "%s*[\xC2\xE2]", -- offer “x” {
  "%s*=%s*[\"'][^\n\"']*[\"']%s*{", -- offer = "x" {
  "[ \t]+[%w_-]+[\"']?%s*{", -- offer x {
}

---@class senda.Record: senda.Declaration
---@field failed? boolean an error was found in it: nothing may be concluded from what it lacks
---@field shipped? boolean comes with senda, not with the site

---@class senda.Shelf
---@field list senda.Record[] in the order of declaration
---@field by_name table<string, senda.Record>
---@field names string[] the right ones
---@field meant table<string, senda.Record> what has a wrong name, by the right one that was suggested for it

---@class senda.Registry
---@field shelves table<string, senda.Shelf>
---@field broken table<string, boolean> constructs of which declarations were lost, in files that couldn't be read
---@field lost string[] the texts that couldn't be read, in which names may be declared
---@field unknown table<string, boolean> constructs of which any name may have been lost

---@param constructs string[]
---@return senda.Registry
function registry.new(constructs)
  local self = setmetatable({ shelves = {}, broken = {}, lost = {}, lost_bytes = 0, searches = 0, unknown = {} }, registry)
  for _, construct in ipairs(constructs) do
    self.shelves[construct] = { list = {}, by_name = {}, names = {}, meant = {} }
  end
  return self
end

---@param construct string
---@return senda.Record[]
function registry:list(construct)
  return self.shelves[construct].list
end

---@param construct string
---@param name string
---@return senda.Record?
function registry:find(construct, name)
  local shelf = self.shelves[construct]
  return shelf.by_name[name] or shelf.meant[name]
end

-- Its name is told to be wrong already, and what to call it: others may do so before it does.
local function note_wrong_name(shelf, record)
  local meant = names.suggest(record.name)
  if not meant then return end
  shelf.meant[meant] = shelf.meant[meant] or record
  table.insert(shelf.names, meant)
end

--- Adds a record; if its name is taken, gives the record that has it (and keeps the new one out of the names).
---@param record senda.Record
---@return senda.Record? first
function registry:add(record)
  local shelf = self.shelves[record.construct]
  table.insert(shelf.list, record)
  record.index = #shelf.list
  local name = record.name
  if not name then return nil end
  local first = shelf.by_name[name]
  if first then return first end
  shelf.by_name[name] = record
  if record.construct == "test" or names.is_name(name) then table.insert(shelf.names, name) else note_wrong_name(shelf, record) end
  return nil
end

--- Whether any file couldn't be read, so that what seems to lack may stand there.
---@return boolean
function registry:is_incomplete()
  return next(self.broken) ~= nil
end

local function may_declare(content, construct)
  if #content > LONGEST_SEARCHED then return true end
  for _, following in ipairs(DECLARING) do
    if string.find(content, "%f[%w_.]" .. construct .. "%f[^%w_]" .. following) then return true end
  end
  return false
end

-- Names that are put together can't be looked for in the text.
local function is_literal(content)
  return #content <= LONGEST_SEARCHED and not (string.find(content, "..", 1, true) or string.find(content, "format", 1, true)
    or string.find(content, "concat", 1, true) or string.find(content, "gsub", 1, true))
end

-- Whether the text could be kept, to look for names in it.
local function keep_lost(self, content)
  self.lost_bytes = self.lost_bytes + #content
  if self.lost_bytes > MOST_LOST or not is_literal(content) then return false end
  table.insert(self.lost, content)
  return true
end

--- Notes which constructs a file that couldn't be read may declare.
---@param content string
function registry:note_broken(content)
  local literal = keep_lost(self, content)
  for construct in pairs(self.shelves) do
    if may_declare(content, construct) then self:note_lost(construct, literal) end
  end
end

--- Notes that declarations of a construct were lost.
---@param construct string
---@param literal? boolean their names stand in a text that is noted
function registry:note_lost(construct, literal)
  for _, name in ipairs(construct == "journey" and { "journey", "stage" } or { construct }) do
    self.broken[name] = true
    self.unknown[name] = self.unknown[name] or not literal
  end
end

--- Notes a piece of a text whose declarations were lost.
---@param construct? string
---@param piece string
function registry:note_lost_piece(construct, piece)
  local literal = keep_lost(self, piece)
  if construct then self:note_lost(construct, literal) end
end

--- Whether a name may be among what was lost of a construct, or come with it.
---@param construct? string
---@param name string
---@return boolean
function registry:may_have_lost(construct, name)
  if construct and self.unknown[construct] then return true end
  self.searches = self.searches + #self.lost
  if self.searches > MOST_SEARCHES then return true end
  for _, content in ipairs(self.lost) do
    if string.find(content, name, 1, true) then return true end
  end
  return false
end

return registry
