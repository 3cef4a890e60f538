-- ends: failed
-- wider than it goes
function f() return string.format('%1000d', 1) end
