-- ends: refused
-- a global through an alias of a function
local function set(name) _G_like = name end
function f() return now2 end
