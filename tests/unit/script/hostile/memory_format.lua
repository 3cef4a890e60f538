-- ends: failed
-- wide numbers
function f() return string.format(('%99d'):rep(1000), table.unpack({}, 1, 999)) end
