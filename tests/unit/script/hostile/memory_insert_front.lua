-- ends: overran|exhausted
-- moves everything each time
function f() local t = {} while true do table.insert(t, 1, 1) end end
