-- ends: failed
-- more than a stack holds
function f() return table.unpack({}, 1, 1e8) end
