-- ends: done
-- as wide as it goes
function f() return #string.format('%99.99f', 1e308) end
