-- ends: overran|exhausted
-- goes through the library for ever
function f() while true do for k, v in pairs(string) do end end end
