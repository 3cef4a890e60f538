-- ends: done
-- indexes at the edge
function f() return pcall(select, math.mininteger, 1), pcall(select, math.maxinteger, 1) end
