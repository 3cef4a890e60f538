-- ends: refused
-- a helper that counts
local n = 0
local function count() n = n + 1 return n end
function f() return count() end
