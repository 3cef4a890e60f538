-- ends: failed
-- no order
function f() return math < string end
