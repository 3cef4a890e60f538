-- ends: done|failed
-- C calls inside of C calls
local function deep(n) return pcall(deep, n + 1) end
function f() deep(1) return 1 end
