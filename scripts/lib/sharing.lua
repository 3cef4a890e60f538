-- What shared.lua holds for the other files of a site: functions and values. Every other file keeps its own to itself.

local sharing = {}

sharing.FILE = "shared.lua"

local MOST_SEARCHED = 16 << 20 -- bytes, of all files for all names

local function is_word(content, first, last)
  return not string.find(content, "^[%w_]", last + 1) and not string.find(string.sub(content, first - 1, first - 1), "[%w_]")
end

-- Where the word begins and ends, again and again.
local function each_word(content, word)
  local last = 0
  return function()
    local first
    repeat
      first, last = string.find(content, word, last + 1, true)
    until not first or is_word(content, first, last)
    return first, last
  end
end

--- Notes that the file couldn't be read.
---@param loader senda.Loader
---@param content? string its text; nil: not known
function sharing.note_lost(loader, content)
  loader.shared_lost = content or true
end

--- Whether the file, had it been read, might have brought the name: then its lack is no mistake of its own.
---@param loader senda.Loader
---@param name string
---@return boolean
function sharing.may_have_lost(loader, name)
  local lost = loader.shared_lost
  return lost == true or type(lost) == "string" and each_word(lost, name)() ~= nil
end

-- What stands in front of a name on its line where it is declared, and behind it; as much of it as is looked at.
local DECLARING = {
  { "^[ \t]*function[ \t]+$", "^[ \t]*%(" }, { "^[ \t]*local[ \t]+function[ \t]+$", "^[ \t]*%(" },
  { "^[ \t]*$", "^[ \t]*=[^=]" }, { "^[ \t]*local[ \t]+$", "^[ \t]*=[^=]" },
}
local LOOKED_AT = 80 -- bytes

local function is_declared_at(content, first, last)
  local before = string.match(string.sub(content, math.max(1, first - LOOKED_AT), first - 1), "[^\n]*$")
  local behind = string.sub(content, last + 1, last + LOOKED_AT)
  for _, form in ipairs(DECLARING) do
    if string.find(before, form[1]) and string.find(behind, form[2]) then return true end
  end
  return false
end

-- Whether the text declares the name, as far as can be seen.
local function declares(content, name)
  for first, last in each_word(content, name) do
    if is_declared_at(content, first, last) then return true end
  end
  return false
end

-- A file in a folder that declares the name for itself.
local function find_owner(loader, path, name)
  for _, other in ipairs(loader.paths) do
    local content = other ~= path and other:find("%.lua$") and loader:source_of(other) or ""
    loader.searched = loader.searched + #content
    if loader.searched > MOST_SEARCHED then return nil end
    if declares(content, name) then return other end
  end
  return nil
end

--- What to do about a name that the file doesn't know; nil where no other file has it, either.
---@param loader senda.Loader
---@param path string
---@param name string
---@return string?
function sharing.hint(loader, path, name)
  local owner = find_owner(loader, path, name)
  if not owner then return nil end
  if owner == sharing.FILE then
    return string.format("take `local` away in front of it in %s, so that other files see it", owner)
  end
  return string.format("%s has it for itself: move it to %s, without `local`, and all files see it", owner, sharing.FILE)
end

return sharing
