-- ends: failed
-- a view and a number
function f() return math + 1 end
