-- ends: failed
-- a range that overflows
function f() return table.unpack({}, math.mininteger, math.maxinteger) end
