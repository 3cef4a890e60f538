-- ends: refused
-- a declaration from inside of a function
local k = keep
function f() k(1) end
