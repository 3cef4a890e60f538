-- ends: refused
-- a function in a table
local n = 0
local t = { deep = { count = function() n = n + 1 return n end } }
function f() return t.deep.count() end
