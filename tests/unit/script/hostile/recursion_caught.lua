-- ends: exhausted|failed|overran|done
-- no end, caught
local function g() g() g() end
function f() pcall(g) pcall(g) while true do pcall(g) end end
