-- What shared.lua holds for the other files of a site: functions and values. Every other file keeps its own to itself.

local sharing = {}

sharing.FILE = "shared.lua"

local MOST_SEARCHED = 16 << 20 -- bytes, of all files for all names

local function has_word(content, word)
  return string.find(content, "%f[%w_]" .. word .. "%f[^%w_]") ~= nil
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
  return lost == true or type(lost) == "string" and has_word(lost, name)
end

-- Whether the text declares the name outside of tables, as far as can be seen: `local` in front of it, or nothing.
local function declares(content, name, before)
  return string.find(content, "%f[^%z\n]%s*" .. before .. "function%s+" .. name .. "%s*%(") ~= nil
    or string.find(content, "%f[^%z\n]%s*" .. before .. name .. "%s*=[^=]") ~= nil
end

-- A file in a folder that declares the name for itself.
local function find_owner(loader, path, name)
  for _, other in ipairs(loader.paths) do
    local content = other ~= path and other:find("%.lua$") and loader:source_of(other) or ""
    loader.searched = loader.searched + #content
    if loader.searched > MOST_SEARCHED then return nil end
    if declares(content, name, "local%s+") or declares(content, name, "") then return other end
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
