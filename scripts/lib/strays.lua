-- Words that look like declarations and are none: `ofer "x" { … }`. What they declare is lost, but they don't end their
-- file, so that what stands behind them is looked at all the same.

local nearest = require "senda.nearest"
local schema = require "senda.schema"

local strays = {}

-- Where the author's code asks for a name: the nearest function from the file that is running.
local function line_in(path)
  for level = 3, 8 do
    local info = debug.getinfo(level, "Sl")
    if not info then return nil end
    if info.source == "@" .. path then return info.currentline end
  end
  return nil
end

local function offset_of(content, wanted)
  local at = 1
  for _ = 2, wanted do
    at = string.find(content, "\n", at, true)
    if not at then return nil end
    at = at + 1
  end
  return at
end

-- A name in quotes and braces follow upon the word, which comes first on its line.
local function is_declaration(content, line, word)
  local at = offset_of(content, line)
  return at and string.find(content, "^[ \t]*" .. word .. "%s*%(?%s*([\"'])[^\n\"']*%1%s*[%),]?%s*{", at) ~= nil
end

-- The declaration with its braces.
local function piece_at(content, line)
  local at = offset_of(content, line)
  local last = string.find(content, "\n%s*}", at) or string.find(content, "\n", at, true)
  return string.sub(content, at, last)
end

-- Takes what a declaration would be given.
local function swallow(_, fields)
  if fields == nil then return function() end end
end

--- What stands in for an unknown word; nil where it isn't plainly meant as a declaration. Reports it.
---@param loader senda.Loader
---@param word any
---@return function?
function strays.stand_in(loader, word)
  local path = loader.running
  if not path or type(word) ~= "string" then return nil end
  local content, line = loader:source_of(path), line_in(path)
  if not content or not line or not is_declaration(content, line, word) then return nil end
  local place = string.format("%s:%d:%s", path, line, word)
  if not loader.strays[place] then -- told once, however often the line is run
    loader.strays[place] = true
    loader:report_run(path, content, { message = string.format("unknown name '%s'", word), line = line })
    loader.registry:note_lost_piece(nearest.find(word, schema.order), piece_at(content, line))
  end
  return swallow
end

return strays
