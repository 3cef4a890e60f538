-- ends: failed
-- a range without end
function f() return table.concat({}, '', 1, math.maxinteger) end
