-- ends: exhausted
-- by the library
function f() local t = {} while true do table.insert(t, 1) end end
