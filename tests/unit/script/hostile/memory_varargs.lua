-- ends: failed|exhausted|done
-- as many arguments as there may be
local function g(...) return select('#', ...) end
function f() local t = {} for i = 1, 999 do t[i] = i end return g(table.unpack(t)) end
