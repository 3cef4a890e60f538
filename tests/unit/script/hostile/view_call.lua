-- ends: failed
-- a view as a function
function f() return math() end
