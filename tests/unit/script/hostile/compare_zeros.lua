-- ends: overran
-- texts of zeros, which Lua compares piece by piece
function f() local a = ("\0"):rep(65536) a = a .. a .. a local b = a .. "b" while true do local x = a < b end end
