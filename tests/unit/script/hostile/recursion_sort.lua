-- ends: failed|exhausted|overran
-- sorts inside of comparators
local function g() local t = { 3, 2, 1 } table.sort(t, function(a, b) g() return a < b end) end
function f() g() end
