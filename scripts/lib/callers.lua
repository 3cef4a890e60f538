-- Where in the author's code the library was called.

local callers = {}

local DEEPEST = 200 -- functions that call one another, up to the file's own

--- The line that is running in the file; what it calls in other files, shared.lua say, and C functions in between (pcall)
--- are passed over. Nil where the file isn't running, or a tail call has hidden it.
---@param path string
---@return integer?
function callers.line_in(path)
  local source = "@" .. path
  for level = 2, DEEPEST do
    local info = debug.getinfo(level, "Sl")
    if not info then return nil end
    if info.source == source then return info.currentline end
  end
  return nil
end

return callers
