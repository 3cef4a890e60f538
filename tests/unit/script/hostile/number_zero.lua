-- ends: failed
-- integer division by nothing
function f() return 1 // 0 end
