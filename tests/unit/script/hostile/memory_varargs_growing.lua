-- ends: exhausted|failed|overran
-- more arguments in each call
local function g(...) return g(1, 2, 3, 4, 5, 6, 7, 8, ...) end
function f() return g() end
