-- ends: failed
-- integer remainder by nothing
function f() return 1 % 0 end
