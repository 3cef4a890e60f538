-- Words that look like declarations and are none: `ofer "x" { … }`. What they declare is lost, but they don't end their
-- file, so that what stands behind them is looked at all the same.

local nearest = require "senda.nearest"
local schema = require "senda.schema"
local callers = require "senda.callers"

local strays = {}

local function offset_of(content, wanted)
  local at = 1
  for _ = 2, wanted do
    at = string.find(content, "\n", at, true)
    if not at then return nil end
    at = at + 1
  end
  return at
end

-- The next sign that is no blank, and where it stands; one of these is passed over.
local function next_sign(content, at, passed)
  at = string.find(content, "%S", at)
  local sign = at and string.sub(content, at, at)
  if sign and passed and string.find(passed, sign, 1, true) then return next_sign(content, at + 1) end
  return sign, at
end

-- A name in quotes and braces follow upon the word, which comes first on its line. Step by step: how many blanks there are
-- must not matter.
local function is_declaration(content, line, word)
  local _, last = string.find(content, "^[ \t]*" .. word, offset_of(content, line) or #content + 1)
  local quote, at = next_sign(content, last and last + 1 or #content + 1, "(")
  if quote ~= '"' and quote ~= "'" then return false end
  local closing = string.find(content, "[\n\"']", at + 1)
  if not closing or string.sub(content, closing, closing) ~= quote then return false end
  return next_sign(content, closing + 1, "),") == "{"
end

-- The declaration with its braces.
local function piece_at(content, line)
  local at = offset_of(content, line)
  local last = string.find(content, "\n[ \t]*}", at) or string.find(content, "\n", at, true)
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
  local content, line = loader:source_of(path), callers.line_in(path)
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
