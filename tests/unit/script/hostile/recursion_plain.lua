-- ends: exhausted|failed
-- no end
local function g(n) return 1 + g(n + 1) end
function f() return g(1) end
