-- ends: overran|exhausted
-- errors with positions, caught for ever
function f() while true do pcall(error, 'x', 1) end end
